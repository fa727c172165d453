"""The form of a validation rule: its parameters are fields of their own, by the check."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from core.looks import BootstrapFormMixin
from core.numbers import format_number
from programs.choices import Check
from programs.models import ValidationRule

LABELS = {
    "slack": _("Slack (share, 0.05 is 5 %)"),
    "k": _("k: how many median deviations are unusual"),
    "share": _("Share (0.5 is 50 %)"),
    "enough": _("From how many changes on the median deviation is used"),
    "from": _("From this figure on"),
    "relative": _("Tolerance for counts, in per cent"),
    "points": _("Tolerance for rates, in percentage points"),
    "times": _("Up to how many times the tolerance an explanation is enough"),
    "years": _("For how many years an older official figure may serve"),
    "z": _("z of the confidence interval (1.96 is 95 %)"),
    "reached": _("Share of the target from which an output is reached"),
}
HINTS = {
    "relative": _("Empty leaves the tolerance to the indicator."),
    "points": _("Empty leaves the tolerance to the indicator."),
}


class RuleForm(BootstrapFormMixin, forms.ModelForm):
    reason = forms.CharField(label=_("Reason of this change"), min_length=5, max_length=300)

    class Meta:
        model = ValidationRule
        fields = ["unit", "agency", "severity", "basis", "valid_from"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "valid_from": _("For periods that begin on this day or later."),
            "unit": _("Empty: every unit."),
            "agency": _("Empty: every OPD."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule: ValidationRule = self.instance
        if rule.pk is None:
            self.initial.setdefault("valid_from", dt.date(timezone.localdate().year, 1, 1))
        self.bounds = Check(rule.check_code).parameters
        for name in self.bounds:
            field = NumberFormField(label=LABELS[name], required=False, help_text=HINTS.get(name, ""), decimals=6)
            if name in rule.parameters:
                field.initial = format_number(rule.parameters[name])
            self.fields[f"p_{name}"] = field
        self.order_fields(
            ["unit", "agency", "severity", *(f"p_{name}" for name in self.bounds), "basis", "valid_from", "reason"]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parameters = {}
        for name, (low, high) in self.bounds.items():
            value = data.get(f"p_{name}")
            if value is None:
                continue
            if not low <= value <= high:
                text = _("A number from %(low)s to %(high)s.")
                self.add_error(f"p_{name}", text % {"low": format_number(low), "high": format_number(high)})
            parameters[name] = int(value) if value == value.to_integral_value() else float(value)
        self.instance.parameters = parameters
        return data
