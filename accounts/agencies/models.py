"""What became of an OPD on a day, and each row that went from it to another one by that. Written once."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.choices import AgencyChangeKind
from core.moments import dated_by_database


class AgencyChange(models.Model):
    """An OPD was renamed, merged into another or split. `successor` is what keeps its papers; of a split that goes on
    under its own name it is the OPD itself."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="changes", verbose_name=_("OPD"))
    kind = models.CharField(_("what happened"), max_length=6, choices=AgencyChangeKind)
    day = models.DateField(_("counts from"))
    basis = models.CharField(
        _("legal basis"), max_length=200, help_text=_("The regulation that says so, with number and year.")
    )
    reason = models.CharField(_("reason"), max_length=500)
    successor = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="changes_to", verbose_name=_("continued by")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of an OPD")
        verbose_name_plural = _("changes of OPD")
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AgencyChangeKind.values), name="accounts_agencychange_kind"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis=""),
                name="accounts_agencychange_reason",
                violation_error_message=_("Say why the OPD changes, and by which regulation."),
            ),
            models.CheckConstraint(
                condition=Q(kind=AgencyChangeKind.SPLIT) | ~Q(successor=F("agency")),
                name="accounts_agencychange_successor",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("at"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.get_kind_display()}"


class AgencyMove(models.Model):
    """One row that a change handed from one OPD to another: triggers of rows that keep their OPD let only those go."""

    change = models.ForeignKey(AgencyChange, models.PROTECT, related_name="moves")
    holding = models.CharField(_("what"), max_length=20)
    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=300)
    former = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("from"))
    successor = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("to"))

    class Meta:
        verbose_name = _("row that went to another OPD")
        verbose_name_plural = _("rows that went to another OPD")
        ordering = ["change", "holding", "id"]
        indexes = [models.Index(fields=["table", "row"], name="accounts_agencymove_row")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name
