"""Rows out of the portal: CSV and XLSX, streamed from a server-side cursor, neither with a formula in it.

An export declares its columns once; page, CSV, XLSX and the test that compares sums use the same declaration.
"""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter
from django.db import connection, transaction
from django.db.models import QuerySet

from core.periods import Period

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 (full-width forms, which Excel reads as the plain ones)
EXCEL_MAX_ROWS = 1_048_576
CHUNK = 2_000


class TooManyRows(Exception):  # noqa: N818
    """More rows than a worksheet holds; the message for people names the CSV as the remedy."""


@dataclass(frozen=True)
class Column:
    """`value` takes a row; `kind` is text, number, rupiah, date or moment; `total` says that the column adds up."""

    label: "StrOrPromise"
    value: Callable[[Any], Any]
    kind: str = "text"
    width: int = 18
    total: bool = False

    @property
    def header(self) -> str:
        return str(self.label)


def safe_text(value: Any) -> str:
    """A cell's text that no spreadsheet takes for a formula: an apostrophe goes in front of a dangerous first
    character."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def cell(column: Column, row: Any) -> Any:
    value = column.value(row)
    if value is None:
        return None
    if column.kind in {"number", "rupiah"}:
        return Decimal(value)
    if isinstance(value, Period):
        return str(value)
    if column.kind in {"date", "moment"}:
        return value
    return safe_text(value)


def rows_of(queryset: QuerySet[Any]) -> Iterator[Any]:
    """One consistent picture of the table through a server-side cursor, in its own read-only snapshot.

    Inside a request's transaction the cursor simply lives in that transaction.
    """
    if connection.in_atomic_block:
        yield from queryset.iterator(chunk_size=CHUNK)
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield from queryset.iterator(chunk_size=CHUNK)


def write_csv(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """UTF-8 with a byte-order mark and semicolons: what Excel with Indonesian settings opens by a double click."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([column.header for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(cell(column, row)) for column in columns])
        count += 1
    text.flush()
    text.detach()
    return count


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def write_xlsx(
    file: BinaryIO, columns: Sequence[Column], rows: Iterable[Any], *, sheet: str, facts: Sequence[tuple[str, str]]
) -> int:
    """One sheet of rows with a line of sums, one sheet of `facts` (filters, time, who). Returns the number of rows.

    Raises TooManyRows. Memory stays constant: rows go to a temporary file as they come.
    """
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    )
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E8F1EC", "border": 1, "text_wrap": True, "valign": "top"}),
        "rupiah": book.add_format({"num_format": "#,##0"}),
        "number": book.add_format({"num_format": "#,##0.##"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        "sum": book.add_format({"bold": True, "num_format": "#,##0", "top": 1}),
        "text": None,
    }
    page = book.add_worksheet(sheet[:31])
    page.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.header, formats["head"])
    sums = {column.header: Decimal(0) for column in columns if column.total}
    count = 0
    for row in rows:
        count += 1
        if count + 1 >= EXCEL_MAX_ROWS:
            book.close()
            raise TooManyRows
        for index, column in enumerate(columns):
            value = cell(column, row)
            if column.total and value is not None:
                sums[column.header] += value
            _write_cell(page, count, index, value, formats[column.kind])
    for index, column in enumerate(columns):
        if column.total:
            page.write_number(count + 1, index, sums[column.header], formats["sum"])
    page.autofilter(0, 0, count, len(columns) - 1)
    about = book.add_worksheet("Keterangan")
    about.set_column(0, 0, 28)
    about.set_column(1, 1, 90)
    for index, (name, value) in enumerate([*facts, ("Jumlah baris", str(count))]):
        about.write_string(index, 0, name, formats["head"])
        about.write_string(index, 1, safe_text(value))
    book.close()
    return count


def _write_cell(page: Any, row: int, index: int, value: Any, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, Decimal):
        page.write_number(row, index, value, style)
    elif isinstance(value, dt.datetime | dt.date):
        page.write_datetime(row, index, value, style)
    else:
        page.write_string(row, index, value)


def sha256_of(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
