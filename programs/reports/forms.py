"""The quarterly report and the decision on it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from core.forms import BootstrapFormMixin, dress
from programs.models import (
    ReportValue,
)
from programs.reports.services import Entry


def value_name(pk: int) -> str:
    return f"value-{pk}"


def reason_name(pk: int) -> str:
    return f"reason-{pk}"


def numerator_name(pk: int) -> str:
    return f"numerator-{pk}"


def denominator_name(pk: int) -> str:
    return f"denominator-{pk}"


class ReportForm(forms.Form):
    """One figure (or numerator and denominator) and one explanation per row of the report."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Iterable[ReportValue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            label = f"{row.indicator.name} · {row.place}"
            if row.indicator.is_fraction:
                for name, what, initial in (
                    (numerator_name(row.pk), row.indicator.numerator_label, row.numerator),
                    (denominator_name(row.pk), row.indicator.denominator_label, row.denominator),
                ):
                    self.fields[name] = NumberFormField(
                        label=f"{label}: {what}", required=False, decimals=2, min_value=0, initial=initial
                    )
            else:
                unit = row.indicator.unit
                self.fields[value_name(row.pk)] = NumberFormField(
                    label=label,
                    required=False,
                    decimals=unit.decimals,
                    min_value=unit.lowest,
                    max_value=unit.highest,
                    initial=row.typed.get("value", row.value),
                )
            reason = forms.CharField(
                label=_("Explanation"),
                required=False,
                max_length=1000,
                initial=row.reason,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            dress(reason)
            self.fields[reason_name(row.pk)] = reason

    def figure_names(self, row: ReportValue) -> list[str]:
        if row.indicator.is_fraction:
            return [numerator_name(row.pk), denominator_name(row.pk)]
        return [value_name(row.pk)]

    def entries(self) -> dict[int, Entry]:
        """What was typed and can be read; a row with an error is left as the database holds it."""
        found = {}
        for row in self.rows:
            if any(name in self.errors for name in [*self.figure_names(row), reason_name(row.pk)]):
                continue
            found[row.pk] = Entry(
                self.cleaned_data.get(value_name(row.pk)),
                self.cleaned_data.get(reason_name(row.pk), ""),
                self.cleaned_data.get(numerator_name(row.pk)),
                self.cleaned_data.get(denominator_name(row.pk)),
            )
        return found

    def typed(self) -> Mapping[str, str]:
        return {name: str(self[name].value() or "") for name in self.fields if name != "version"}


class DecisionForm(BootstrapFormMixin, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the report: what has to change."),
    )  # fmt: skip
