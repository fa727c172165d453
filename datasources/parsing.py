"""Answers of the BPS WebAPI to rows. Pure but for the language of its messages: bytes in, rows out; no ORM, clock, network.

The key of a figure in `datacontent` is vervar + var + turvar + tahun + turtahun joined without a separator, so it is
found by building it from the dimensions, never by cutting it (`99991452891000` has several readings).
"""

import html
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.periods import Period, PeriodKind

YEAR_OFFSET = 1900  # BPS writes 2023 as 123
NO_FIGURE = {"", "-", "–", "...", "…", "na", "n/a", "null", "x"}
EXCERPT = 120
_TAGS = re.compile(r"<[^>]+>")


class UnexpectedAnswer(Exception):  # noqa: N818
    """The source answered something else than documented. `expected` and `found` are shown to the steward."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(_("expected %(expected)s; found %(found)s") % {"expected": expected, "found": found})
        self.expected = expected
        self.found = found


class SourceSaysError(UnexpectedAnswer):
    """A documented error of the source itself: a wrong key, a wrong parameter."""


@dataclass(frozen=True)
class Row:
    """One figure: the source's region code and its label, the period, the value in the variable's own unit."""

    region_code: str
    region_label: str
    period: Period
    value: Decimal


@dataclass(frozen=True)
class Note:
    """Something that was not placed: where, and why. Never a silent skip."""

    place: str
    reason: str


@dataclass(frozen=True)
class Table:
    """One variable as BPS answered it. `available` False: 'list-not-available', which is an answer, not an error."""

    available: bool
    label: str = ""
    unit: str = ""
    last_update: str = ""
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def clean_label(text: Any) -> str:
    """Labels come with entities and tags: '<b>Kab. Paser</b>&nbsp;' → 'Kab. Paser'."""
    plain = html.unescape(_TAGS.sub(" ", html.unescape(str(text))))
    return " ".join(plain.split())


def read_figure(raw: Any) -> Decimal | None:
    """A figure as BPS sends it: number, text, comma decimals, or a mark for 'none'. Raises ValueError for the rest."""
    if raw is None:
        return None
    if isinstance(raw, bool):
        raise ValueError("true/false")  # noqa: TRY004 (for the caller one of the texts that are no figure)
    text = str(raw).strip()
    if text.lower() in NO_FIGURE:
        return None
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    return value


def parse_json(body: bytes, content_type: str) -> dict[str, Any]:
    """The answer's JSON object. Raises UnexpectedAnswer for HTML, truncated JSON and anything else."""
    start = body[:EXCERPT].decode("utf-8", "replace").strip()
    if start[:1] == "<":
        raise UnexpectedAnswer("JSON", f"HTML ({content_type or '?'}): {clean_label(start)[:EXCERPT]}")
    try:
        answer = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        found = _("%(size)s bytes that are no JSON (%(why)s): %(start)s")
        raise UnexpectedAnswer("JSON", found % {"size": len(body), "why": error, "start": start}) from error
    if not isinstance(answer, dict):
        raise UnexpectedAnswer(_("a JSON object"), f"JSON {type(answer).__name__}")
    if answer.get("status") == "Error" or "error" in answer:
        said = answer.get("message") or answer.get("error") or "–"
        raise SourceSaysError(_("figures"), _("an error of the source: %(said)s") % {"said": said})
    if answer.get("status") != "OK":
        raise UnexpectedAnswer('status "OK"', f"status {answer.get('status')!r}")
    return answer


def parse_data(body: bytes, content_type: str = "", *, turvar: str | None = None) -> Table:
    """`model=data`: one variable, all its regions and periods. `turvar` chooses one characteristic (None: the first).

    Raises UnexpectedAnswer when the answer isn't what the documentation says.
    """
    answer = parse_json(body, content_type)
    if answer.get("data-availability") == "list-not-available":
        return Table(available=False)
    if answer.get("data-availability") != "available":
        raise UnexpectedAnswer('data-availability "available"', repr(answer.get("data-availability")))
    variable = _dimension(answer, "var")[0]
    regions, years, parts = (_dimension(answer, name) for name in ("vervar", "tahun", "turtahun"))
    characteristics = _dimension(answer, "turvar")
    chosen = turvar if turvar is not None else str(characteristics[0]["val"])
    if chosen not in {str(item["val"]) for item in characteristics}:
        raise UnexpectedAnswer(
            _("characteristic (turvar) %(number)s") % {"number": chosen},
            ", ".join(str(item["val"]) for item in characteristics),
        )
    content = answer.get("datacontent")
    if not isinstance(content, dict):
        raise UnexpectedAnswer(_("datacontent as an object"), type(content).__name__)
    rows: list[Row] = []
    notes: list[Note] = []
    for region in regions:
        for year in years:
            for part in parts:
                key = f"{region['val']}{variable['val']}{chosen}{year['val']}{part['val']}"
                if key in content:
                    _place(key, content[key], region, year, part, rows, notes)
    return Table(
        available=True,
        label=clean_label(variable.get("label", "")),
        unit=clean_label(variable.get("unit", "")),
        last_update=str(answer.get("last_update") or ""),
        rows=rows,
        notes=notes,
    )


def _place(
    key: str,
    raw: Any,
    region: dict[str, Any],
    year: dict[str, Any],
    part: dict[str, Any],
    rows: list[Row],
    notes: list[Note],
) -> None:
    label = clean_label(region.get("label", ""))
    try:
        value = read_figure(raw)
        period = read_period(year, part)
    except ValueError as error:
        notes.append(Note(key, _("not a figure or not a period: %(text)s") % {"text": str(error)[:EXCERPT]}))
        return
    if value is not None:
        rows.append(Row(str(region["val"]), label, period, value))


def _dimension(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = answer.get(name)
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) and "val" in item for item in items):
        raise UnexpectedAnswer(_("a list “%(name)s” of val and label") % {"name": name}, repr(items)[:EXCERPT])
    return items


_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("januari", "january"),
            ("februari", "pebruari", "february"),
            ("maret", "march"),
            ("april",),
            ("mei", "may"),
            ("juni", "june"),
            ("juli", "july"),
            ("agustus", "august"),
            ("september",),
            ("oktober", "october"),
            ("november", "nopember"),
            ("desember", "december"),
        ],
        start=1,
    )
    for name in names
}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(r"^(?:triwulan|quarter|tw)\s+(iv|i{1,3}|[1-4])$")


def read_period(year: dict[str, Any], part: dict[str, Any]) -> Period:
    """The period of a (tahun, turtahun) pair. Raises ValueError for semesters and other parts that are no fiscal period."""
    number = int(year["val"]) + YEAR_OFFSET
    label = clean_label(part.get("label", "")).lower()
    if str(part["val"]) == "0" or label in {"tahun", "tahunan", "annual", "year"}:
        return Period(number)
    if label in _MONTHS:
        return Period(number, PeriodKind.MONTH, _MONTHS[label])
    match = _QUARTER.match(label)
    if match:
        return Period(number, PeriodKind.QUARTER, _ROMAN[match[1]])
    raise ValueError(f"part of a year “{label}”")


def parse_page(body: bytes, content_type: str = "") -> tuple[int, list[dict[str, Any]]]:
    """A page of a list: (number of pages, rows). (0, []) for 'list-not-available' and for empty data."""
    answer = parse_json(body, content_type)
    data = answer.get("data")
    if answer.get("data-availability") == "list-not-available" or data in ("", None, []):
        return 0, []
    if not isinstance(data, list) or len(data) != 2 or not isinstance(data[0], dict) or not isinstance(data[1], list):  # noqa: PLR2004
        raise UnexpectedAnswer(_("data as [paging, rows]"), repr(data)[:EXCERPT])
    return int(data[0].get("pages", 1)), [row for row in data[1] if isinstance(row, dict)]
