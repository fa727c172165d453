"""The weekly briefing as it was issued, and the order that the office wants its parts in."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import track
from dashboards.choices import BriefingPart
from dashboards.models.directives import DIRECTIVE_READERS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def visible_to(self, user: "User | AnonymousUser") -> "BriefingQuerySet":
        if isinstance(user, User) and user.has_role(*DIRECTIVE_READERS):
            return self.all()
        return self.none()


class Briefing(models.Model):
    """One issue. `content` are the texts, figures and pictures shown; `pdf` is what was handed out. Never changed.

    `numbers` are the figures that next week is compared with. The row is sealed in the hash chain, the file by
    `sha256`.
    """

    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    week = models.CharField(_("week"), max_length=8)  # ISO: 2026-W48
    number = models.PositiveSmallIntegerField(_("issue"))
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by")
    )
    as_of = models.DateTimeField(_("figures as of"))
    content = models.JSONField(_("content"))
    numbers = models.JSONField(_("figures"), default=dict)
    pdf = models.BinaryField(_("file"))
    sha256 = models.CharField(max_length=64)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")
        ordering = ["-issued_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["week", "number"], name="dashboards_briefing_once")]
        triggers = [pgtrigger.Protect(name="as_issued", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.week} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("briefing", args=[self.pk])

    @property
    def file_name(self) -> str:
        return f"bahan-rapat-{self.week}-{self.number}.pdf"


@track()
class BriefingSection(models.Model):
    """Where a part of the briefing stands, and whether it is shown. Parts without a row come last, in their first
    order."""

    part = models.CharField(_("part"), max_length=12, choices=BriefingPart, unique=True)
    position = models.PositiveSmallIntegerField(_("position"))
    is_shown = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("part of the briefing")
        verbose_name_plural = _("parts of the briefing")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(part__in=BriefingPart.values), name="dashboards_briefingsection_part")
        ]

    def __str__(self) -> str:
        return str(self.get_part_display())
