"""The rules that reported values are validated by: data, with their scope, parameters, severity and basis."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import track
from programs.checks import CHECKS
from programs.choices import RuleSeverity
from programs.models.nomenclature import Unit
from programs.models.programs import Indicator


@track()
class ValidationRule(models.Model):
    """How one check is made, for everything or for one indicator, unit or OPD; the narrowest rule in force counts.

    In force for periods that begin on `valid_from` or later; of two rules of the same scope the later one counts.
    `parameters` by name, see `programs.checks`; what is missing there is taken from the rule of the whole province.
    """

    check_code = models.CharField(
        _("check"), max_length=20, choices=[(check.code, check.title) for check in CHECKS.values()]
    )
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("indicator")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("unit"))
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("OPD")
    )
    severity = models.CharField(_("severity"), max_length=8, choices=RuleSeverity)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    basis = models.CharField(_("legal or methodological basis"), max_length=300)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("validation rule")
        verbose_name_plural = _("validation rules")
        ordering = ["check_code", "indicator_id", "unit_id", "agency_id", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_code", "indicator", "unit", "agency", "valid_from"],
                nulls_distinct=False,
                name="programs_validationrule_once",
                violation_error_message=_("There is a rule of this scope from that day on: change that one."),
            ),
            models.CheckConstraint(condition=Q(check_code__in=list(CHECKS)), name="programs_validationrule_check"),
            models.CheckConstraint(
                condition=Q(severity__in=RuleSeverity.values), name="programs_validationrule_severity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_check_code_display()} ({self.scope})"

    @property
    def level(self) -> int:
        return CHECKS[self.check_code].level

    @property
    def is_general(self) -> bool:
        return self.indicator_id is None and self.unit_id is None and self.agency_id is None

    @property
    def named_parameters(self) -> list[tuple[Any, Any]]:
        """(what it is called on the screen, its figure)."""
        known = CHECKS[self.check_code].parameters
        return [(known[name].title, value) for name, value in self.parameters.items() if name in known]

    @property
    def scope(self) -> str:
        parts = [str(part) for part in (self.indicator, self.unit, self.agency) if part is not None]
        return ", ".join(parts) or str(_("everything"))

    def clean(self) -> None:
        """Only known parameters, each a number within its bounds."""
        known = CHECKS[self.check_code].parameters if self.check_code in CHECKS else {}
        problems: list[Any] = []
        for name, value in self.parameters.items():
            if name not in known:
                problems.append(_("This check has no parameter “%(name)s”.") % {"name": name})
                continue
            low, high = known[name].lowest, known[name].highest
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                text = _("“%(name)s” is a number from %(low)s to %(high)s.")
                problems.append(text % {"name": name, "low": low, "high": high})
        if problems:
            raise ValidationError({"parameters": problems})
