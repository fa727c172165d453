"""Series that are worked out from other series by a formula. The raw answer is the figures used, each with its
version."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from datasources.connectors import formulas
from datasources.connectors.base import Answer, Ask, Connector, QueryForm, SourceRefused
from datasources.connectors.parsing import Note, Row, Table, read_json
from datasources.models import Observation, Series

LETTERS = "abcdef"
Figures = dict[tuple[str, Period], Decimal]  # by (Kemendagri code, period)


class DerivedForm(QueryForm):
    formula = forms.CharField(
        label=gettext_lazy("Formula"),
        max_length=formulas.MAX_LENGTH,
        help_text=gettext_lazy(
            "a, b, … are the series chosen below; a_lalu is a of the year before; jumlah(kabkota_a) and"
            " rerata(kabkota_a, kabkota_b) go over the regencies. For example: a / b * 100 or (a - a_lalu) / "
            "a_lalu * 100"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for letter in LETTERS:
            self.fields[letter] = forms.ModelChoiceField(
                Series.objects.all(),
                label=_("Series %(letter)s") % {"letter": letter},
                required=False,
                empty_label=_("– none –"),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parts = {letter: data[letter] for letter in LETTERS if data.get(letter)}
        if formula := data.get("formula"):
            try:
                formulas.check(formula, list(parts))
            except formulas.FormulaError as error:
                self.add_error("formula", str(error))
        return data

    def to_query(self) -> dict[str, Any]:
        used = formulas.names_in(self.cleaned_data["formula"])
        return {
            "formula": self.cleaned_data["formula"],
            **{letter: self.cleaned_data[letter].pk for letter in LETTERS if letter in used},
        }


def parts_of(query: Mapping[str, Any]) -> dict[str, int]:
    return {letter: int(query[letter]) for letter in LETTERS if query.get(letter)}


def depends_on(series_pks: set[int], wanted: int) -> bool:
    """Whether any of these series is worked out from `wanted`, directly or by way of others."""
    seen: set[int] = set()
    while series_pks:
        if wanted in series_pks:
            return True
        seen |= series_pks
        further = Series.objects.filter(pk__in=series_pks).values_list("parts", flat=True)
        series_pks = {pk for pk in further if pk is not None} - seen
    return False


class DerivedConnector(Connector):
    kind = "derived"
    label = gettext_lazy("Worked out from other series")
    needs_address = False
    code_system = "kemendagri"
    query_form = DerivedForm

    def fetch(self, ask: Ask) -> list[Answer]:
        """The parts' figures that hold now, as a document: what the result was worked out from, for ever."""
        parts = parts_of(ask.query)
        series = {row.pk: row for row in Series.objects.filter(pk__in=parts.values()).select_related("source")}
        if missing := [letter for letter, pk in parts.items() if pk not in series]:
            raise SourceRefused(_("the series %(letters)s is gone") % {"letters": ", ".join(missing)})
        figures: dict[int, list[list[Any]]] = defaultdict(list)
        rows = Observation.objects.current().filter(series_id__in=series).select_related("region")
        for row in rows.order_by("region__kemendagri_code", "period"):
            figures[row.series_id].append([row.pk, row.region.kemendagri_code, str(row.period), str(row.value)])
        document = {
            "formula": ask.query["formula"],
            "regencies": list(Region.objects.regencies().values_list("kemendagri_code", flat=True)),
            "parts": {
                letter: {"series": pk, "name": series[pk].name, "unit": series[pk].unit, "figures": figures[pk]}
                for letter, pk in sorted(parts.items())
            },
        }
        body = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
        return [
            Answer(
                _("figures of the portal: %(formula)s") % {"formula": ask.query["formula"]},
                200,
                "application/json",
                body,
            )
        ]

    def parse(self, ask: Ask, answers: Sequence[Answer]) -> Table:
        del ask
        document = read_json(answers[0].body)
        figures: dict[str, Figures] = {
            letter: {(code, Period.parse(period)): Decimal(value) for _pk, code, period, value in part["figures"]}
            for letter, part in document["parts"].items()
        }
        return _worked_out(document["formula"], figures, document["regencies"])


def _worked_out(formula: str, figures: Mapping[str, Figures], regencies: Sequence[str]) -> Table:
    over_regencies = formulas.REGENCIES in formula
    keys = sorted({key for part in figures.values() for key in part}, key=lambda key: (key[1], key[0]))
    if over_regencies:
        keys = [(PROVINCE_KEMENDAGRI_CODE, period) for period in sorted({period for _code, period in keys})]
    rows, notes = [], []
    for code, period in keys:
        try:
            value = formulas.work_out(
                formula,
                _of_region(figures, code, period),
                _of_region(figures, code, _year_before(period)),
                _all_regencies(figures, regencies, period),
            )
        except formulas.FormulaError as error:
            notes.append(Note(f"{code} {period}", str(error)))
            break
        if value is not None:
            rows.append(Row(code, "", period, value))
    return Table(available=bool(rows), rows=rows, notes=notes)


def _of_region(figures: Mapping[str, Figures], code: str, period: Period | None) -> dict[str, Decimal]:
    """Each part's figure of that region and period, as far as it has one."""
    return {letter: part[code, period] for letter, part in figures.items() if period and (code, period) in part}


def _year_before(period: Period) -> Period | None:
    try:
        return Period(period.year - 1, period.kind, period.number)
    except ValueError:
        return None


def _all_regencies(
    figures: Mapping[str, Figures], regencies: Sequence[str], period: Period
) -> dict[str, tuple[Decimal, ...]]:
    """Only where no regency is missing: a sum over nine of ten is no sum."""
    return {
        letter: tuple(part[code, period] for code in regencies)
        for letter, part in figures.items()
        if regencies and all((code, period) in part for code in regencies)
    }
