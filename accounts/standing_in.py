"""Whoever decides in a role that is lent leaves in the row for whom: nobody has to look up later who had lent what.

The service fills the column by the loan that `accounts.separation.Act.lender` finds; a trigger (`refuses_concerned`)
refuses a row that says something else than what the person holds at that moment.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ActsForModel(models.Model):
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("standing in for"),
    )

    class Meta:
        abstract = True
