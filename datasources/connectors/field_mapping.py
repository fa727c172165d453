"""Records with named fields (a data set's table, a workbook, a list in JSON, an SDMX message) to rows, by a mapping.
Pure.

A mapping names the fields: `region` (code or name), `region_name`, `period`, `part` (month or quarter beside a year),
`value`, and `where` (field → value that a record must have). Without `period` the table is wide: every field whose
heading holds a year is that year's figures.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import decimal_sign_of, digits_of
from datasources.connectors.base import QueryForm
from datasources.connectors.parsing import (
    EXCERPT,
    AmbiguousFigureError,
    Note,
    Row,
    Table,
    UnexpectedAnswer,
    read_figure,
    read_period_text,
)

Record = Mapping[str, Any]
MAX_RECORDS = 200_000
MAX_NOTES = 200
SAMPLE = 10
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


class MappingForm(QueryForm):
    """The fields of a mapping, shared by every kind of source that gives records."""

    region = forms.CharField(
        label=gettext_lazy("Region column"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Holds the region's code (BPS or Kemendagri) or its name."),
    )
    region_name = forms.CharField(
        label=gettext_lazy("Region name column"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only when the name stands in a column of its own; it is checked against the code."),
    )
    period = forms.CharField(
        label=gettext_lazy("Period column"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("2024, 2024-03, Triwulan I 2024, … Empty when the years are the column headings."),
    )
    part = forms.CharField(
        label=gettext_lazy("Month or quarter column"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only when it stands beside the year in a column of its own."),
    )
    value = forms.CharField(
        label=gettext_lazy("Figure column"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("With years as headings: the words that the headings to take have in common, or empty."),
    )
    numbers = forms.ChoiceField(
        label=gettext_lazy("Figures are written"),
        required=False,
        choices=[("", gettext_lazy("1234.5 or 1234,5")), ("indonesian", gettext_lazy("1.234,5 (dots for thousands)"))],
    )
    where = forms.CharField(
        label=gettext_lazy("Only rows with"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One condition a line: column = value. For example: kelamin = Total"),
    )

    def clean_where(self) -> str:
        text: str = self.cleaned_data["where"]
        for line in text.splitlines():
            if line.strip() and "=" not in line:
                raise forms.ValidationError(_("Write each condition as column = value: “%(line)s”.") % {"line": line})
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("period") and not data.get("value"):
            self.add_error("value", _("Say which column holds the figure."))
        return data


def conditions(text: str) -> dict[str, str]:
    """'jenis = Total' lines to a mapping."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def table_of(
    pages: Iterable[Sequence[Record]], mapping: Mapping[str, Any], *, label: str = "", unit: str = ""
) -> Table:
    """Rows of the records. Without a region or a figure column yet: no rows, but the fields and a sample to choose
    from.

    Raises UnexpectedAnswer when a mapped field is in no record.
    """
    pages = [list(page) for page in pages]
    records = list(itertools.chain.from_iterable(pages))
    if len(records) > MAX_RECORDS:
        raise UnexpectedAnswer(
            _("at most %(limit)s records") % {"limit": MAX_RECORDS}, _("%(count)s records") % {"count": len(records)}
        )
    names = list(dict.fromkeys(name for record in records[:1000] for name in record))
    sample = [{name: _shown(record.get(name)) for name in names} for record in records[:SAMPLE]]
    if not records:
        return Table(available=False, label=label, unit=unit)
    rows: list[Row] = []
    notes: list[Note] = []
    if mapping.get("region") and (mapping.get("value") or not mapping.get("period")):
        _check_fields(mapping, names)
        _read_pages(pages, mapping, names, rows, notes)
    return Table(True, label, unit, rows=rows, notes=notes[:MAX_NOTES], fields=names, sample=sample)


def _read_pages(
    pages: Sequence[Sequence[Record]],
    mapping: Mapping[str, Any],
    names: Sequence[str],
    rows: list[Row],
    notes: list[Note],
) -> None:
    wanted = conditions(mapping.get("where", ""))
    chosen = [
        (number, place, record)
        for number, page in enumerate(pages)
        for place, record in enumerate(page, start=1)
        if _is_wanted(record, wanted)
    ]
    sign = "," if mapping.get("numbers") else ""
    sign = sign or decimal_sign_of(raw for _n, _p, record in chosen for *_w, raw in _figures(record, mapping, names))
    for number, place, record in chosen:
        _read(record, f"{number + 1}.{place}", number, mapping, names, rows, notes, sign)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)[:EXCERPT]


def _check_fields(mapping: Mapping[str, Any], names: Sequence[str]) -> None:
    wanted = [mapping.get(key) for key in ("region", "region_name", "period", "part")]
    wanted += [mapping.get("value")] if mapping.get("period") else []
    wanted += list(conditions(mapping.get("where", "")))
    if missing := [name for name in wanted if name and name not in names]:
        raise UnexpectedAnswer(
            _("the columns %(names)s") % {"names": ", ".join(missing)}, ", ".join(names)[: 3 * EXCERPT] or "–"
        )


def _is_wanted(record: Record, where: Mapping[str, str]) -> bool:
    return all(_plain(record.get(name)).casefold() == value.casefold() for name, value in where.items())


def _plain(value: Any) -> str:
    return "" if value is None else str(value).strip().removesuffix(".0")


def _read(
    record: Record,
    place: str,
    page: int,
    mapping: Mapping[str, Any],
    names: Sequence[str],
    rows: list[Row],
    notes: list[Note],
    sign: str,
) -> None:
    code, label = _region(record, mapping)
    if not code and not label:
        return
    for written, part, raw in _figures(record, mapping, names):
        try:
            value = read_figure(raw, sign)
            if value is not None:
                rows.append(Row(code, label, read_period_text(written, part), value, page))
        except AmbiguousFigureError as error:
            text = _("%(text)s can be read two ways; say at the series how the source writes figures")
            notes.append(Note(f"{place} {code}", text % {"text": str(error)[:EXCERPT]}))
        except ValueError as error:
            text = _("not a figure or not a period: %(text)s") % {"text": str(error)[:EXCERPT]}
            notes.append(Note(f"{place} {code}", text))


def _region(record: Record, mapping: Mapping[str, Any]) -> tuple[str, str]:
    """(code, name in the source)."""
    code = _plain(record.get(mapping["region"]))
    label = _plain(record.get(mapping["region_name"])) if mapping.get("region_name") else ""
    if digits_of(code):
        return code, label
    return code or label, label or code  # the region column holds names


def _figures(record: Record, mapping: Mapping[str, Any], names: Sequence[str]) -> list[tuple[Any, Any, Any]]:
    """(period, part, raw figure) of a record: one, or in a wide table one a year column."""
    if mapping.get("period"):
        part = record.get(mapping["part"]) if mapping.get("part") else ""
        return [(record.get(mapping["period"]), part, record.get(mapping["value"]))]
    wanted = str(mapping.get("value") or "").casefold()
    columns = [(name, _YEAR.search(name)) for name in names if wanted in name.casefold()]
    return [(match[1], "", record.get(name)) for name, match in columns if match]
