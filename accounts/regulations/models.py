"""Who compared a row of the register with the regulation's text, when, and what came of it. Written once."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.regulations.choices import CheckResult
from core.moments import dated_by_database

if TYPE_CHECKING:
    from accounts.regulations.register import Regulation


class RegulationCheckQuerySet(models.QuerySet["RegulationCheck"]):
    def newest(self) -> "RegulationCheckQuerySet":
        """One of each row: what was found last counts."""
        return self.order_by("key", "-pk").distinct("key")


class RegulationCheck(models.Model):
    """`key` names the row of the register that comes with the portal; `checked_by` is the person of the legal bureau,
    `by` who wrote it down here."""

    key = models.CharField(max_length=60, db_index=True)
    title = models.CharField(_("regulation"), max_length=120)
    result = models.CharField(_("result"), max_length=7, choices=CheckResult)
    checked_by = models.CharField(
        _("compared by"), max_length=160, help_text=_("Name and office, for example of the legal bureau.")
    )
    checked_on = models.DateField(_("compared on"))
    note = models.CharField(
        _("note"), max_length=500, blank=True, help_text=_("Where the text was read; what differs, if anything does.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = RegulationCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison with a regulation")
        verbose_name_plural = _("comparisons with regulations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(result__in=CheckResult.values), name="accounts_regulationcheck_result"),
            models.CheckConstraint(
                condition=Q(result=CheckResult.MATCHES) | ~Q(note=""),
                name="accounts_regulationcheck_note",
                violation_error_message=_("Say what the text says instead."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("at"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def regulation(self) -> "Regulation | None":
        from accounts.regulations.register import register

        return register().get(self.key)
