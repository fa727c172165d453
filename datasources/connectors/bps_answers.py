"""Answers of the BPS WebAPI to rows. Pure but for the language of its messages: bytes in, rows out.

The key of a figure in `datacontent` is vervar + var + turvar + tahun + turtahun joined without a separator, so it is
found by building it from the dimensions, never by cutting it (`99991452891000` has several readings).
"""

import html
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from django.utils.translation import gettext as _

from core.numbers import decimal_sign_of
from core.periods import Period
from datasources.connectors.parsing import (
    EXCERPT,
    AmbiguousFigureError,
    Note,
    Row,
    SourceSaysError,
    Table,
    UnexpectedAnswer,
    clean_label,
    read_figure,
    read_json,
    read_part,
    read_period_text,
)

YEAR_OFFSET = 1900  # BPS writes 2023 as 123
FIRST_YEAR, LAST_YEAR = 1945, 2100
MAX_TABLE_ROWS, MAX_TABLE_COLUMNS = 5_000, 200


def parse_json(body: bytes, content_type: str) -> dict[str, Any]:
    """The answer's JSON object. Raises UnexpectedAnswer for HTML, truncated JSON and anything else."""
    answer = read_json(body, content_type)
    if not isinstance(answer, dict):
        raise UnexpectedAnswer(_("a JSON object"), f"JSON {type(answer).__name__}")
    if answer.get("status") == "Error" or "error" in answer:
        said = answer.get("message") or answer.get("error") or "–"
        raise SourceSaysError(_("figures"), _("an error of the source: %(said)s") % {"said": said})
    if answer.get("status") != "OK":
        raise UnexpectedAnswer('status "OK"', f"status {answer.get('status')!r}")
    return answer


def parse_data(body: bytes, content_type: str = "", *, turvar: str | None = None, part: str | None = None) -> Table:
    """`model=data`: one variable, all its regions and periods. `turvar` chooses one characteristic (None: the first).

    `part` (turtahun) keeps one part of the year; one that is no fiscal period (a semester) then stands for its year.
    Raises UnexpectedAnswer when the answer isn't what the documentation says.
    """
    answer = parse_json(body, content_type)
    if answer.get("data-availability") == "list-not-available":
        return Table(available=False)
    content = _datacontent(answer)
    variable = _dimension(answer, "var")[0]
    regions, years, parts, characteristics = (
        _dimension(answer, name) for name in ("vervar", "tahun", "turtahun", "turvar")
    )
    chosen = _chosen(turvar if turvar is not None else str(characteristics[0]["val"]), "turvar", characteristics)
    kept = parts if part is None else _only(part, parts)
    notes: list[Note] = []
    wanted = _periods(years, kept, part, notes)
    number = str(variable["val"])
    readings = Counter(
        _key(region, number, str(kind["val"]), year, piece)
        for region, kind, year, piece in itertools.product(regions, characteristics, years, parts)
    )
    rows = []
    sign = decimal_sign_of(content.values())
    for (year, piece, period), region in itertools.product(wanted, regions):
        key = _key(region, number, chosen, year, piece)
        if key in content and (row := _row(key, (content[key], sign), readings[key], region, period, notes)):
            rows.append(row)
    return Table(
        available=True,
        label=clean_label(variable.get("label", "")),
        unit=clean_label(variable.get("unit", "")),
        last_update=str(answer.get("last_update") or ""),
        rows=rows,
        notes=notes,
        choices={"characteristic": _labels(characteristics), "part": _labels(parts)},
    )


def _datacontent(answer: Mapping[str, Any]) -> dict[str, Any]:
    if answer.get("data-availability") != "available":
        raise UnexpectedAnswer('data-availability "available"', repr(answer.get("data-availability")))
    content = answer.get("datacontent")
    if not isinstance(content, dict):
        raise UnexpectedAnswer(_("datacontent as an object"), type(content).__name__)
    return content


def _key(
    region: Mapping[str, Any], variable: str, characteristic: str, year: Mapping[str, Any], part: Mapping[str, Any]
) -> str:
    """Where the figure stands in `datacontent`: the numbers of its dimensions one after the other."""
    return f"{region['val']}{variable}{characteristic}{year['val']}{part['val']}"


def _row(
    key: str, raw: tuple[Any, str], readings: int, region: dict[str, Any], period: Period, notes: list[Note]
) -> Row | None:
    """`raw` is the figure as it was sent, and how the answer writes decimals."""
    if readings > 1:
        notes.append(Note(key, _("the key has several readings")))
        return None
    try:
        value = read_figure(*raw)
    except ValueError as error:
        notes.append(Note(key, _("not a figure: %(text)s") % {"text": str(error)[:EXCERPT]}))
        return None
    return None if value is None else Row(str(region["val"]), clean_label(region.get("label", "")), period, value)


def _chosen(wanted: str, name: str, items: list[dict[str, Any]]) -> str:
    known = [str(item["val"]) for item in items]
    if wanted not in known:
        raise UnexpectedAnswer(f"{name} {wanted}", ", ".join(known)[:EXCERPT])
    return wanted


def _only(part: str, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = _chosen(part, "turtahun", parts)
    return [piece for piece in parts if str(piece["val"]) == wanted]


def _labels(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(str(item["val"]), clean_label(item.get("label", ""))) for item in items]


def _periods(
    years: list[dict[str, Any]], parts: list[dict[str, Any]], wanted: str | None, notes: list[Note]
) -> list[tuple[dict[str, Any], dict[str, Any], Period]]:
    """Every pair of year and part that is a fiscal period; a note, once, for a part that is none."""
    found = []
    for year in years:
        try:
            number = int(year["val"]) + YEAR_OFFSET
            Period(number)
        except (TypeError, ValueError):
            notes.append(Note(f"tahun {str(year['val'])[:EXCERPT]}", _("not a year")))
            continue
        for piece in parts:
            try:
                found.append((year, piece, read_period(year, piece)))
            except ValueError as error:
                if wanted is not None:
                    found.append((year, piece, Period(number)))
                    continue
                why = _("not a fiscal period: %(why)s. Choose it as turtahun to let it stand for its year.")
                note = Note(f"turtahun {piece['val']}", why % {"why": error})
                if note not in notes:
                    notes.append(note)
    return found


def _dimension(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = answer.get(name)
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) and "val" in item for item in items):
        raise UnexpectedAnswer(_("a list “%(name)s” of val and label") % {"name": name}, repr(items)[:EXCERPT])
    return items


def read_period(year: dict[str, Any], part: dict[str, Any]) -> Period:
    """The period of a (tahun, turtahun) pair. Raises ValueError for semesters and other parts that are no fiscal
    period."""
    number = int(year["val"]) + YEAR_OFFSET
    if str(part["val"]) == "0":
        return Period(number)
    return read_part(number, clean_label(part.get("label", "")))


def parse_page(body: bytes, content_type: str = "") -> tuple[int, list[dict[str, Any]]]:
    """A page of a list: (number of pages, rows). (0, []) for 'list-not-available' and for empty data."""
    answer = parse_json(body, content_type)
    data = answer.get("data")
    if answer.get("data-availability") == "list-not-available" or data in ("", None, []):
        return 0, []
    if not isinstance(data, list) or len(data) != 2 or not isinstance(data[0], dict) or not isinstance(data[1], list):  # noqa: PLR2004
        raise UnexpectedAnswer(_("data as [paging, rows]"), repr(data)[:EXCERPT])
    return int(data[0].get("pages", 1)), [row for row in data[1] if isinstance(row, dict)]


def parse_indicator(pages: list[tuple[bytes, str]], wanted: str, domain: str) -> Table:
    """`model=indicators`: the strategic indicator `wanted` (its variable's number, `var`): one figure, of its last
    period."""
    for number, (body, content_type) in enumerate(pages):
        for row in parse_page(body, content_type)[1]:
            if str(row.get("var")) != wanted:
                continue
            written = str(row.get("periode") or row.get("title") or "")
            unit, label = clean_label(row.get("unit") or ""), clean_label(row.get("title") or "")
            try:
                value = read_figure(row.get("value"))
                period = read_period_text(_without_semester(written))
            except ValueError as error:
                note = Note(label, _("not a figure or not a period: %(text)s") % {"text": str(error)[:EXCERPT]})
                return Table(available=True, label=label, unit=unit, notes=[note])
            rows = [] if value is None else [Row(domain, "", period, value, number)]
            return Table(available=True, label=label, unit=unit, rows=rows)
    return Table(available=False)


def _without_semester(text: str) -> str:
    """'Semester 2 (September) 2020' → 'September 2020': BPS dates its half-yearly surveys by their month."""
    return re.sub(r"semester\s+[12i]+\s*\(([a-z]+)\)", r"\1", text, flags=re.IGNORECASE)


def parse_static_table(body: bytes, content_type: str = "") -> tuple[str, list[dict[str, str]]]:
    """`view/model/statictable`: (title, records). The table comes as escaped HTML, headings over several rows.

    Raises UnexpectedAnswer without a table that has a heading and rows.
    """
    answer = parse_json(body, content_type)
    if answer.get("data-availability") == "list-not-available":
        return "", []
    data = answer.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("table"), str):
        raise UnexpectedAnswer(_("data with a table"), repr(data)[:EXCERPT])
    grid = _grid(html.unescape(data["table"]))
    start = next((index for index, cells in enumerate(grid) if _is_data_row(cells)), None)
    if not start:
        raise UnexpectedAnswer(_("a table with headings and rows"), _("%(count)s rows") % {"count": len(grid)})
    names = _headings(grid[:start])
    records = [dict(zip(names, cells, strict=True)) for cells in grid[start:] if any(cells)]
    return clean_label(data.get("title", "")), records


def _headings(above: list[list[str]]) -> list[str]:
    """A name for each column from the rows above the figures; one that is a single text over the whole table names
    none."""
    heads = [cells for cells in above if len(set(filter(None, cells))) > 1]
    return [_heading([cells[column] for cells in heads]) or f"#{column + 1}" for column in range(len(above[0]))]


def _heading(parts: list[str]) -> str:
    return " / ".join(dict.fromkeys(part for part in parts if part))


def _is_data_row(cells: list[str]) -> bool:
    """A name, then figures; a row of years alone is a heading still."""
    figures = 0
    for cell in cells[1:]:
        try:
            value = read_figure(cell)
        except AmbiguousFigureError:
            figures += 1  # a figure, whichever it is
            continue
        except ValueError:
            continue
        if value is not None and not (value == value.to_integral_value() and FIRST_YEAR <= value <= LAST_YEAR):
            figures += 1
    return bool(cells and cells[0]) and figures > 0


def _grid(markup: str) -> list[list[str]]:
    """The first table's cells as a rectangle; a cell over several rows or columns is repeated in each."""
    table = BeautifulSoup(markup, "html.parser").find("table")
    if table is None:
        raise UnexpectedAnswer(_("a table"), clean_label(markup)[:EXCERPT])
    grid: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for number, line in enumerate(table.find_all("tr")[:MAX_TABLE_ROWS]):
        column = 0
        cells = grid[number]  # a row without cells of its own is a row, too
        for cell in line.find_all(["td", "th"])[:MAX_TABLE_COLUMNS]:
            while column in cells:
                column += 1
            text = clean_label(cell.get_text(" "))
            across, down = range(_span(cell.get("colspan"))), range(_span(cell.get("rowspan")))
            for below, right in itertools.product(down, across):
                grid[number + below][column + right] = text
    width = max((max(cells, default=-1) for cells in grid.values()), default=-1) + 1
    return [[grid[number].get(column, "") for column in range(width)] for number in sorted(grid)]


def _span(raw: Any) -> int:
    text = str(raw or "1")
    return min(int(text), MAX_TABLE_COLUMNS) if text.isascii() and text.isdecimal() and text != "0" else 1
