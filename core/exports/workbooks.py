"""XLSX: the one place that writes workbooks. Figures are numbers, days are days, no text is a formula."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, BinaryIO

import xlsxwriter
from django.conf import settings
from django.utils import translation

from core.exports.columns import DAYS, ExportColumn
from core.exports.formulas import FORMULA_STARTS, PASSED_OVER, safe_text

EXCEL_MAX_ROWS = 1_048_576
TITLE_LENGTH = 31
PROGRESS_EVERY = 2_000
_RISKY = frozenset({*FORMULA_STARTS, *PASSED_OVER})  # a first character that is worth a closer look
STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bg_color": "#E8F1EC", "border": 1, "text_wrap": True, "valign": "top"},
    "rupiah": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.##"},
    "hundredths": {"num_format": "0.00"},
    "date": {"num_format": "dd/mm/yyyy"},
    "iso_date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm"},
    "sum": {"bold": True, "num_format": "#,##0", "top": 1},
    "wrap": {"text_wrap": True, "valign": "top"},
    "error": {"bg_color": "#F8C9C4"},
    "warning": {"bg_color": "#FCE8B2"},
    "locked": {"locked": True, "font_color": "#555555"},
    "locked_number": {"locked": True, "font_color": "#555555", "num_format": "#,##0.##"},
    "open": {"locked": False, "bg_color": "#FFFDF3", "border": 1, "border_color": "#CCCCCC"},
    "open_number": {
        "locked": False,
        "bg_color": "#FFFDF3",
        "border": 1,
        "border_color": "#CCCCCC",
        "num_format": "#,##0.##",
    },
}


class TooManyRows(Exception):  # noqa: N818 (a state of the data that the message to people names, with CSV as the remedy)
    """More rows than a worksheet holds."""


class NewWorkbook:
    """A workbook under way; `style` gives a format by its name here, `page` a worksheet with its headings."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.style = cache(self._style)

    def _style(self, name: str) -> Any:
        return self.book.add_format(STYLES[name]) if name != "text" else None

    def page(self, title: str, headings: Sequence[tuple[str, int]] = (), *, freeze: tuple[int, int] = (1, 0)) -> Any:
        """A worksheet with a heading row; each heading with the width of its column in characters."""
        page = self.book.add_worksheet(title[:TITLE_LENGTH])
        if headings:
            page.freeze_panes(*freeze)
        for index, (heading, width) in enumerate(headings):
            page.set_column(index, index, width)
            page.write_string(0, index, heading, self.style("head"))
        return page

    def facts(self, title: str, facts: Iterable[tuple[Any, Any]], widths: tuple[int, int] = (36, 100)) -> None:
        """A page of names and texts: what the file is, its filters, who made it."""
        page = self.page(title)
        for index, width in enumerate(widths):
            page.set_column(index, index, width)
        for index, (name, value) in enumerate(facts):
            page.write_string(index, 0, str(name), self.style("head"))
            page.write_string(index, 1, safe_text(value), self.style("wrap"))


@contextmanager
def new_workbook(file: Any, *, in_order: bool = True) -> Iterator[NewWorkbook]:
    """A workbook written to `file` at the end of the block. `in_order`: cells come row by row, and memory stays
    constant."""
    options = {"constant_memory": in_order, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options | {"remove_timezone": True})
    # A list that somebody handed in is marked in a process of its own, which knows no settings and translates nothing.
    language = translation.override(settings.LANGUAGE_CODE) if settings.configured else nullcontext()
    try:
        with language:
            yield NewWorkbook(book)
    finally:
        book.close()


@dataclass(frozen=True)
class ExportSheet:
    """A worksheet: `rows` are tuples in the order of `columns`."""

    title: str
    columns: Sequence[ExportColumn]
    rows: Iterable[Sequence[Any]]


Facts = Sequence[tuple[Any, Any]] | Callable[[dict[str, int]], Sequence[tuple[Any, Any]]]


def write_workbook(
    file: BinaryIO, sheets: Iterable[ExportSheet], facts: Facts, report: Callable[[int], None] | None = None
) -> dict[str, int]:
    """A sheet each, a line of sums under what adds up, and a last sheet of facts. Rows per sheet, by title.

    `facts` may be a function of those numbers; `report` hears from time to time how many rows are written. Raises
    TooManyRows.
    """
    with new_workbook(file) as book:
        counts = {sheet.title: _write_sheet(book, sheet, report) for sheet in sheets}
        book.facts("Keterangan", facts(counts) if callable(facts) else facts)
    return counts


def _write_sheet(book: NewWorkbook, sheet: ExportSheet, report: Callable[[int], None] | None) -> int:
    columns = sheet.columns
    page = book.page(sheet.title, [(column.header, column.width) for column in columns])
    count, sums = _write_rows(page, sheet, _plan(book, columns), report)
    for index, total in sums.items():
        page.write_number(count + 1, index, total, book.style("sum"))
    if columns:
        page.autofilter(0, 0, count, len(columns) - 1)
    return count


# Of each column: its place, whether it is text, whether days, its style, and that of whole figures, which would else
# end with a decimal comma: "95,".
Plan = list[tuple[int, bool, bool, Any, Any]]


def _plan(book: NewWorkbook, columns: Sequence[ExportColumn]) -> Plan:
    return [
        (index, column.kind == "text", column.kind in DAYS, book.style(column.kind), book.style("rupiah"))
        for index, column in enumerate(columns)
    ]


def _write_rows(
    page: Any, sheet: ExportSheet, plan: Plan, report: Callable[[int], None] | None
) -> tuple[int, dict[int, Decimal]]:
    """The number of rows, and the sums of the columns that add up by their place. Raises TooManyRows."""
    sums = {index: Decimal(0) for index, column in enumerate(sheet.columns) if column.total}
    count = 0
    for count, row in enumerate(sheet.rows, start=1):
        if count + 1 >= EXCEL_MAX_ROWS:
            raise TooManyRows
        _write_row(page, count, row, plan)
        for index in sums:
            sums[index] += row[index] or 0
        if report is not None and count % PROGRESS_EVERY == 0:
            report(count)
    return count, sums


def _write_row(page: Any, count: int, row: Sequence[Any], plan: Plan) -> None:
    text, number, moment = page.write_string, page.write_number, page.write_datetime
    for index, is_text, is_day, style, whole in plan:
        value = row[index]
        if value is None:
            continue
        if is_text:
            text(count, index, safe_text(value) if value[:1] in _RISKY else value, style)
        elif is_day:
            moment(count, index, value, style)
        else:
            number(count, index, value, style if value % 1 else whole)
