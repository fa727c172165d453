"""The quarterly report and the decision on it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from programs.models import Recipients, ReportValue
from programs.reports.cell_entry import CellEntry

# What is asked of the people reached, on the page of a report as in the grid.
PEOPLE_COLUMNS = {
    "people": _("People reached"),
    "male": _("Male"),
    "female": _("Female"),
    "children": _("0–17"),
    "adults": _("18–59"),
    "elderly": _("60+"),
    "disabled": _("With a disability"),
}


def field_name(column: str, pk: int) -> str:
    """The field of a column of a row: value-12, reason-12."""
    return f"{column}-{pk}"


class ReportForm(forms.Form):
    """One figure (or numerator and denominator) and one explanation per row of the report."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Iterable[ReportValue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            for name, label, initial in self._figures(row):
                self.fields[field_name(name, row.pk)] = NumberFormField.within(
                    row.limits_of(name), label=label, required=False, initial=initial
                )
            reason = forms.CharField(
                label=_("Explanation"),
                required=False,
                max_length=1000,
                initial=row.typed.get("reason", row.reason),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[field_name("reason", row.pk)] = reason

    @staticmethod
    def _figures(row: ReportValue) -> list[tuple[str, str, Any]]:
        """(column, label, initial) of what is typed for the row."""
        label = f"{row.indicator.name} · {row.place}"
        if not row.indicator.is_fraction:
            return [("value", label, row.typed.get("value", row.value))]
        return [
            (name, f"{label}: {words}", row.typed.get(name, getattr(row, name)))
            for name, words in (
                ("numerator", row.indicator.numerator_label),
                ("denominator", row.indicator.denominator_label),
            )
        ]

    def figure_names(self, row: ReportValue) -> list[str]:
        return [field_name(name, row.pk) for name, _label, _initial in self._figures(row)]

    def mark(self, row: ReportValue, text: str) -> None:
        """An error at the figure of a row, the numerator where there are two."""
        self.add_error(self.figure_names(row)[0], text)

    def cells(self) -> list[CellEntry]:
        """What was typed and can be read; a row with an error is left as the database holds it."""
        found = []
        for row in self.rows:
            columns = [*(name for name, _label, _initial in self._figures(row)), "reason"]
            names = {column: field_name(column, row.pk) for column in columns}
            if not self.errors.keys() & set(names.values()):
                found += [CellEntry("v", row.pk, column, self.cleaned_data[name]) for column, name in names.items()]
        return found

    def typed(self) -> Mapping[str, str]:
        return {name: str(self[name].value() or "") for name in self.fields if name != "version"}


class RecipientsForm(forms.Form):
    """How many people were reached in each region: the columns of the grid and the workbook."""

    def __init__(self, *args: Any, rows: Iterable[Recipients], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            for name, label in PEOPLE_COLUMNS.items():
                self.fields[self.name_of(name, row)] = NumberFormField.within(
                    row.limits_of(name),
                    label=label,
                    required=False,
                    initial=row.typed.get(name, getattr(row, name)),
                )
            self.fields[self.name_of("reason", row)] = forms.CharField(
                label=_("Explanation"),
                required=False,
                max_length=1000,
                initial=row.typed.get("reason", row.reason),
                widget=forms.Textarea(attrs={"rows": 1}),
            )

    @staticmethod
    def name_of(column: str, row: Recipients) -> str:
        return f"r-{column}-{row.pk}"

    def mark(self, row: Recipients, text: str, column: str = "people") -> None:
        self.add_error(self.name_of(column, row), text)

    def lines(self) -> list[tuple[Recipients, list[forms.BoundField]]]:
        """By region, in the order of the columns."""
        return [(row, [self[self.name_of(name, row)] for name in [*PEOPLE_COLUMNS, "reason"]]) for row in self.rows]

    def cells(self) -> list[CellEntry]:
        """What was typed and can be read; a cell with an error is left as the database holds it."""
        found = []
        for row in self.rows:
            names = {column: self.name_of(column, row) for column in [*PEOPLE_COLUMNS, "reason"]}
            found += [
                CellEntry("r", row.pk, column, self.cleaned_data[name])
                for column, name in names.items()
                if name not in self.errors
            ]
        return found


class ReportDecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the report: what has to change."),
    )
