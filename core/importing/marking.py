"""The same workbook back, with coloured cells and comments: `python -m core.importing.marking < job.json`.

A process of its own for the same reason as reading: the file may be hostile. `only_marked` leaves rows without a remark
out, for lists that are too long to look through; the row's number in the original stands in front then.
"""

import datetime as dt
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from core.importing.reading import hold_limits
from core.importing.workbooks import open_book

FORMULA_STARTS = ("=", "+", "-", "@")
COMMENT_WIDTH = 320


def run(job: Mapping[str, Any]) -> None:
    """`job`: path, name, out, remarks [(sheet, row, column or None, text, is_warning)], heading_rows {sheet: row}."""
    remarks: dict[str, dict[int, dict[int | None, tuple[str, bool]]]] = {}
    for sheet, row, column, text, is_warning in job["remarks"]:
        marks = remarks.setdefault(sheet, {}).setdefault(row, {})
        before = marks.get(column)
        marks[column] = (f"{before[0]}\n{text}" if before else text, is_warning and (before is None or before[1]))
    book = open_book(Path(job["path"]))
    out = xlsxwriter.Workbook(
        job["out"], {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    styles = {
        "head": out.add_format({"bold": True, "bg_color": "#E8F1EC", "text_wrap": True, "valign": "top"}),
        "bad": out.add_format({"bg_color": "#F8C9C4"}),
        "warn": out.add_format({"bg_color": "#FCE8B2"}),
        "date": out.add_format({"num_format": "yyyy-mm-dd"}),
        None: None,
    }
    for sheet in book.sheets:
        page = out.add_worksheet(sheet.name[:31])
        heading_row = job["heading_rows"].get(sheet.name, 1)
        marked = remarks.get(sheet.name, {})
        shift = 1 if job["only_marked"] else 0
        at = -1 if job["only_marked"] else sheet.first_row - 2
        for offset, cells in enumerate(sheet.rows):
            number = sheet.first_row + offset
            if job["only_marked"] and number != heading_row and number not in marked:
                continue
            at += 1
            here = marked.get(number, {})
            if shift:
                page.write(at, 0, "baris" if number == heading_row else number, styles["head"])
            for index, value in enumerate(cells):
                column = sheet.first_column + index
                text, is_warning = here.get(column, ("", True))
                style = "head" if number == heading_row else ("warn" if is_warning else "bad") if text else None
                _write(page, at, column - 1 + shift, value, styles, style)
                if text:
                    page.write_comment(at, column - 1 + shift, text, {"width": COMMENT_WIDTH, "height": 90})
            if None in here:
                text, is_warning = here[None]
                first = sheet.first_column - 1 + shift
                _write(page, at, first, cells[0] if cells else "", styles, "warn" if is_warning else "bad")
                page.write_comment(at, first, text, {"width": COMMENT_WIDTH, "height": 90})
    out.close()


def _write(page: Any, row: int, column: int, cell: Any, styles: Mapping[Any, Any], style: str | None) -> None:
    if cell is None or cell == "":
        page.write_blank(row, column, None, styles[style])
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, styles[style])
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, styles[style])
    elif isinstance(cell, dt.datetime | dt.date):
        page.write_datetime(row, column, cell, styles[style] or styles["date"])
    else:
        text = str(cell)
        page.write_string(row, column, f"'{text}" if text.startswith(FORMULA_STARTS) else text, styles[style])


if __name__ == "__main__":
    job = json.load(sys.stdin)
    hold_limits(job["memory_bytes"], job["cpu_seconds"])
    run(job)
