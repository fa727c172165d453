"""The same workbook back, with coloured cells and comments: by a process of its own.

A process of its own for the same reason as reading: the file may be hostile. `only_marked` leaves rows without a remark
out, for lists that are too long to look through; the row's number in the original stands in front then.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.exports.formulas import safe_text
from core.exports.workbooks import NewWorkbook, new_workbook
from core.importing.reading import hold_limits
from core.importing.workbooks import Sheet, open_book

COMMENT = {"width": 320, "height": 90}


@dataclass(frozen=True)
class Remark:
    """What is wrong with a cell; only a warning when nothing of it refuses the row."""

    text: str
    is_warning: bool

    @property
    def style(self) -> str:
        return "warning" if self.is_warning else "error"

    def __add__(self, other: "Remark") -> "Remark":
        return Remark(f"{self.text}\n{other.text}", self.is_warning and other.is_warning)


RowRemarks = Mapping[int | None, Remark]  # by the cell's place in its row; None speaks of the whole row


def run(job: Mapping[str, Any]) -> None:
    """`job`: path, name, out, remarks [(sheet, row, column or None, text, is_warning)], heading_rows {sheet: row}."""
    remarks = _remarks_by_place(job["remarks"])
    source = open_book(Path(job["path"]))
    with new_workbook(job["out"]) as book:
        for sheet in source.sheets:
            heading_row = job["heading_rows"].get(sheet.name, 1)
            write = _only_marked_rows if job["only_marked"] else _every_row
            write(book, sheet, heading_row, _from_first_column(remarks.get(sheet.name, {}), sheet.first_column))


def _remarks_by_place(given: Iterable[Sequence[Any]]) -> dict[str, dict[int, dict[int | None, Remark]]]:
    """Sheet → row → column → remark; several on one cell become one."""
    found: dict[str, dict[int, dict[int | None, Remark]]] = {}
    for sheet, row, column, text, is_warning in given:
        places = found.setdefault(sheet, {}).setdefault(row, {})
        remark = Remark(text, is_warning)
        places[column] = places[column] + remark if column in places else remark
    return found


def _from_first_column(marked: Mapping[int, RowRemarks], first: int) -> dict[int, RowRemarks]:
    return {
        row: {None if column is None else column - first: remark for column, remark in places.items()}
        for row, places in marked.items()
    }


def _numbered(sheet: Sheet) -> Iterator[tuple[int, Sequence[Any]]]:
    return enumerate(sheet.rows, start=sheet.first_row)


def _every_row(book: NewWorkbook, sheet: Sheet, heading_row: int, marked: Mapping[int, RowRemarks]) -> None:
    page = book.page(sheet.name)
    for number, cells in _numbered(sheet):
        _write_row(book, page, number - 1, sheet.first_column - 1, cells, number == heading_row, marked.get(number, {}))


def _only_marked_rows(book: NewWorkbook, sheet: Sheet, heading_row: int, marked: Mapping[int, RowRemarks]) -> None:
    page = book.page(sheet.name)
    chosen = (row for row in _numbered(sheet) if row[0] == heading_row or row[0] in marked)
    for at, (number, cells) in enumerate(chosen):
        is_heading = number == heading_row
        page.write(at, 0, "baris" if is_heading else number, book.style("head"))
        _write_row(book, page, at, sheet.first_column, cells, is_heading, marked.get(number, {}))


def _write_row(
    book: NewWorkbook,
    page: Any,
    at: int,
    first: int,
    cells: Sequence[Any],
    is_heading: bool,
    remarks: RowRemarks,
) -> None:
    """`first` is where the first cell goes; `remarks` are by the cell's place in the row."""
    for index, value in enumerate(cells):
        remark = remarks.get(index)
        style = "head" if is_heading else remark.style if remark else "text"
        _write_cell(book, page, at, first + index, value, style)
        if remark:
            page.write_comment(at, first + index, remark.text, COMMENT)
    whole = remarks.get(None)
    if whole:
        _write_cell(book, page, at, first, cells[0] if cells else "", whole.style)
        page.write_comment(at, first, whole.text, COMMENT)


def _write_cell(book: NewWorkbook, page: Any, row: int, column: int, cell: Any, style: str) -> None:
    written = book.style(style)
    if cell is None or cell == "":
        page.write_blank(row, column, None, written)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, written)
    elif isinstance(cell, int | float | Decimal):
        page.write_number(row, column, float(cell), written)
    elif isinstance(cell, dt.datetime | dt.date):
        page.write_datetime(row, column, cell, written or book.style("iso_date"))
    else:
        page.write_string(row, column, safe_text(cell), written)


def main() -> None:
    job = json.load(sys.stdin)
    hold_limits(job["memory_bytes"], job["cpu_seconds"])
    run(job)
