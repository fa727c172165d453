"""What every source's answer is turned into, and the reading of figures, labels and periods. Pure but for the language
of its messages: no ORM, clock, network.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.numbers import DECIMAL_COMMA, DECIMAL_POINT, ONE_SIGN_THREE_DIGITS
from core.periods import Period, PeriodKind

NO_FIGURE = {"", "-", "–", "...", "…", "na", "n/a", "null", "x"}
EXCERPT = 120
LARGEST = Decimal(10) ** 18  # what the database's column holds
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
    """One figure: the source's region code and its label, the period, the value in the source's own unit.

    `page` is the answer that it stood in.
    """

    region_code: str
    region_label: str
    period: Period
    value: Decimal
    page: int = 0


@dataclass(frozen=True)
class Note:
    """Something that was not placed: where, and why. Never a silent skip."""

    place: str
    reason: str


@dataclass(frozen=True)
class Table:
    """A series as the source answered it. `available` False: the source has nothing, which is an answer, not an error.

    `choices` are the values of further dimensions, (code, label), for the steward to choose from; `fields` the columns
    of a source of records, `sample` its first records.
    """

    available: bool
    label: str = ""
    unit: str = ""
    last_update: str = ""
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    choices: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    sample: list[dict[str, str]] = field(default_factory=list)


def clean_label(text: Any) -> str:
    """Labels come with entities and tags: '<b>Kab. Paser</b>&nbsp;' → 'Kab. Paser'."""
    plain = html.unescape(_TAGS.sub(" ", html.unescape(str(text))))
    return " ".join(plain.split())


class AmbiguousFigureError(ValueError):
    """`540,000` is five hundred and forty thousand to one writer and five hundred and forty to another."""


def _with_point(text: str, sign: str) -> str:
    """The text as Decimal takes it. Raises AmbiguousFigureError where neither it nor its column says which it is."""
    if (found := ONE_SIGN_THREE_DIGITS.fullmatch(text)) is not None:
        if not sign:
            raise AmbiguousFigureError(text)
        return text.replace(found[1], "." if found[1] == sign else "")
    if DECIMAL_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "") if DECIMAL_POINT.fullmatch(text) else text


def read_figure(raw: Any, sign: str = "") -> Decimal | None:
    """A figure as sources send it: number, text with either decimal sign, or a mark for 'none'.

    `sign` is how its column writes decimals (`decimal_sign_of`). Raises ValueError for what is no figure, and for a
    text that could be two.
    """
    if raw is None:
        return None
    if isinstance(raw, bool):
        raise ValueError("true/false")  # noqa: TRY004 (for the caller one of the texts that are no figure)
    text = str(raw).strip()
    if text.lower() in NO_FIGURE:
        return None
    try:
        value = Decimal(_with_point(text, sign) if isinstance(raw, str) else text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= LARGEST:
        raise ValueError(text)
    return value


def read_json(body: bytes, content_type: str = "") -> Any:
    """Any JSON, its decimals exact. Raises UnexpectedAnswer for HTML, truncated JSON and anything else."""
    start = body[:EXCERPT].decode("utf-8", "replace").strip().lstrip("\ufeff")
    if start[:1] == "<":
        raise UnexpectedAnswer("JSON", f"HTML ({content_type or '?'}): {clean_label(start)[:EXCERPT]}")
    try:
        return json.loads(body.removeprefix(b"\xef\xbb\xbf"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        found = _("%(size)s bytes that are no JSON (%(why)s): %(start)s")
        raise UnexpectedAnswer("JSON", found % {"size": len(body), "why": error, "start": start}) from error


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
_QUARTER = re.compile(r"^(?:triwulan|quarter|kuartal|tw|q)\s*(iv|i{1,3}|[1-4])$")
_YEAR = re.compile(r"\b((?:19|20|21)\d\d)\b")
_ISO_MONTH = re.compile(r"^((?:19|20|21)\d\d)[-/](\d{1,2})(?:[-/]\d{1,2})?(?:[T ].*)?$")
_NUMERIC_MONTH = re.compile(r"^(0?[1-9]|1[0-2])$")
_WHOLE_YEAR = {"", "tahun", "tahunan", "annual", "year", "setahun", "januari-desember"}


def read_part(year: int, part: str) -> Period:
    """The part of a year that a label names: a month, a quarter, the whole year. Raises ValueError for anything
    else."""
    label = " ".join(part.lower().replace("-", " ").split())
    if label in _WHOLE_YEAR or part.lower().strip() in _WHOLE_YEAR:
        return Period(year)
    if label in _MONTHS:
        return Period(year, PeriodKind.MONTH, _MONTHS[label])
    if match := _QUARTER.match(label):
        return Period(year, PeriodKind.QUARTER, _ROMAN[match[1]])
    raise ValueError(f"part of a year “{part.strip()}”")


def read_period_text(text: Any, part: Any = "") -> Period:
    """A period as people write it: 2024, 2024-03, 2024-Q1, 'Triwulan IV 2020', 'Februari 2021', 2024-12-31.

    `part` is a second column (a month's name or number, a quarter). A date stands for its month; 31 December of a
    year alone is not taken for the year. Raises ValueError.
    """
    written = " ".join(str(text).split()).removesuffix(".0")
    extra = " ".join(str(part if part is not None else "").split()).removesuffix(".0")
    if extra and _NUMERIC_MONTH.match(extra) and re.fullmatch(r"\d{4}", written):
        return Period(int(written), PeriodKind.MONTH, int(extra))
    if extra:
        year = _YEAR.search(written)
        if year is None:
            raise ValueError(written)
        return read_part(int(year[1]), extra)
    try:
        return Period.parse(written)
    except ValueError:
        pass
    if match := _ISO_MONTH.match(written):
        return Period(int(match[1]), PeriodKind.MONTH, int(match[2]))
    year = _YEAR.search(written)
    if year is None:
        raise ValueError(written)
    rest = (written[: year.start()] + " " + written[year.end() :]).replace(",", " ").replace("/", " ")
    return read_part(int(year[1]), rest.strip(" -"))
