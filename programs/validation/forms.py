"""The form of a validation rule: its parameters are fields of their own, by the check."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyChoiceField
from core.fields import NumberFormField
from core.forms import DayInput
from programs.checks import CHECKS
from programs.models import ValidationRule

HINTS = {
    "relative": _("Empty leaves the tolerance to the indicator."),
    "points": _("Empty leaves the tolerance to the indicator."),
}


class RuleForm(forms.ModelForm):
    agency = AgencyChoiceField(required=False, help_text=_("Empty: every OPD."))
    reason = forms.CharField(label=_("Reason of this change"), min_length=5, max_length=300)

    class Meta:
        model = ValidationRule
        fields = ["unit", "agency", "severity", "basis", "valid_from"]
        widgets = {"valid_from": DayInput()}
        help_texts = {
            "valid_from": _("For periods that begin on this day or later."),
            "unit": _("Empty: every unit."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule: ValidationRule = self.instance
        if not rule.pk:
            self.initial.setdefault("valid_from", dt.date(timezone.localdate().year, 1, 1))
        self.parameters = CHECKS[rule.check_code].parameters
        for name, parameter in self.parameters.items():
            field = NumberFormField(label=parameter.title, required=False, help_text=HINTS.get(name, ""), decimals=6)
            if name in rule.parameters:
                field.initial = Decimal(str(rule.parameters[name]))  # 0.05 as written, not its binary neighbour
            self.fields[f"p_{name}"] = field
        self.order_fields(
            ["unit", "agency", "severity", *(f"p_{name}" for name in self.parameters), "basis", "valid_from", "reason"]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parameters = {}
        for name, parameter in self.parameters.items():
            value = data.get(f"p_{name}")
            if value is None:
                continue
            if not parameter.lowest <= value <= parameter.highest:
                text = _("A number from %(low)s to %(high)s.")
                self.add_error(f"p_{name}", text % {"low": parameter.lowest, "high": parameter.highest})
                continue
            parameters[name] = int(value) if value == value.to_integral_value() else float(value)
        self.instance.parameters = parameters
        return data
