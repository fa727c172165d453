"""Words that stand in what can be found (`dashboards.finding.vocabulary`)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    word = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="dashboards_searchword_like")]

    def __str__(self) -> str:
        return self.word
