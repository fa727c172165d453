"""Large exports straight from PostgreSQL: one list of columns in SQL for CSV (COPY) and XLSX (a server-side cursor).

CSV is written by PostgreSQL itself; Python only hands the bytes on. Both are one statement, so one picture of the data.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter
from django.conf import settings
from django.db import connection, transaction

from core.exports.streams import EXCEL_MAX_ROWS, FORMULA_STARTS, TooManyRows, safe_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

CHUNK = 2_000
_RISKY = frozenset({*FORMULA_STARTS, " "})  # a first character that is worth a closer look
PROGRESS_EVERY = 2_000


@dataclass(frozen=True)
class Field:
    """`sql` is an expression of our own, never a person's text; `kind` is text, number, rupiah, date or moment."""

    label: "StrOrPromise"
    sql: str
    kind: str = "text"
    width: int = 18
    total: bool = False

    @property
    def header(self) -> str:
        return str(self.label)


@dataclass(frozen=True)
class Sheet:
    """A worksheet: `rows` are tuples in the order of `fields`."""

    title: str
    fields: Sequence[Field]
    rows: Iterator[Sequence[Any]]


def literal(text: str) -> str:
    """A text of ours (a translated label) as an SQL literal, safe against quotes and percent signs."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def labels(column: str, choices: Any) -> str:
    """CASE … END that shows a choice's label as it reads in the language of the request."""
    cases = " ".join(f"WHEN {literal(value)} THEN {literal(str(label))}" for value, label in choices.choices)
    return f"CASE {column} {cases} ELSE {column} END"


_CONTROLS = {"\t": r"E'\t'", "\r": r"E'\r'", "\n": r"E'\n'"}
_DANGEROUS = ", ".join(_CONTROLS.get(mark) or literal(mark) for mark in FORMULA_STARTS)


def as_csv(field: Field) -> str:
    """The expression as Excel with Indonesian settings reads it; a text that looks like a formula gets an apostrophe.
    The expression as Excel with Indonesian settings reads it; a text that looks like a formula gets an apostrophe."""
    if field.kind == "text":
        return f"CASE WHEN left(ltrim({field.sql}), 1) IN ({_DANGEROUS}) THEN '''' || {field.sql} ELSE {field.sql} END"
    if field.kind in {"number", "rupiah"}:
        return f"replace(({field.sql})::text, '.', ',')"
    if field.kind == "moment":
        return f"to_char({field.sql} AT TIME ZONE 'Asia/Makassar', 'YYYY-MM-DD HH24:MI:SS')"
    return f"to_char({field.sql}, 'YYYY-MM-DD')"


def csv_copy(sql: str, fields: Sequence[Field], parameters: Any) -> str:
    """The COPY statement for `sql`, which holds `{columns}`; the heading is written by `write_csv`."""
    columns = ", ".join(as_csv(field) for field in fields)
    with connection.cursor() as cursor:
        query = cursor.mogrify(sql.replace("{columns}", columns), parameters).decode()
    return f"COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER ';', NULL '')"


def write_csv(file: BinaryIO, sql: str, fields: Sequence[Field], parameters: Any = None) -> int:
    """UTF-8 with a byte-order mark and semicolons. Returns the number of rows."""
    quoted = [
        '"' + f.header.replace('"', '""') + '"' if any(c in f.header for c in ';"\n') else f.header for f in fields
    ]
    file.write(("\ufeff" + ";".join(quoted) + "\n").encode())
    with snapshot() as cursor:
        cursor.copy_expert(csv_copy(sql, fields, parameters), file)
        return int(cursor.rowcount)


@contextmanager
def snapshot() -> Iterator[Any]:
    """A cursor in a read-only picture of its own; inside a request's transaction it simply lives in that one."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield cursor
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor


def _as_cell(field: Field) -> str:
    """A moment as the clock in the province showed it: worksheets know no time zones."""
    return f"({field.sql}) AT TIME ZONE '{settings.TIME_ZONE}'" if field.kind == "moment" else field.sql


def rows_of(sql: str, fields: Sequence[Field], parameters: Any = None) -> Iterator[Sequence[Any]]:
    """The rows as tuples through a server-side cursor, moments in local time; memory does not grow with their number.
    The rows as tuples through a server-side cursor, moments in local time; memory does not grow with their number."""
    columns = ", ".join(_as_cell(field) for field in fields)
    with transaction.atomic(), connection.cursor() as opener:
        opener.execute("SELECT 1")  # opens the connection, if nothing has yet
        with connection.connection.cursor(name="sql_export") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(sql.replace("{columns}", columns), parameters)
            yield from cursor


def write_book(
    file: BinaryIO, sheets: Sequence[Sheet], facts: Sequence[tuple[str, str]], tell: Callable[[int], None] | None = None
) -> dict[str, int]:
    """XLSX with a sheet each, a line of sums under those that add up, and a last sheet of facts. Rows per sheet.

    Raises TooManyRows. Memory stays constant: rows go to a temporary file as they come.
    """
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    )
    formats = _formats(book)
    counts = {sheet.title: _write_sheet(book, sheet, formats, tell) for sheet in sheets}
    about = book.add_worksheet("Keterangan")
    about.set_column(0, 0, 36)
    about.set_column(1, 1, 100)
    for index, (name, value) in enumerate(facts):
        about.write_string(index, 0, name, formats["head"])
        about.write_string(index, 1, safe_text(value), formats["wrap"])
    book.close()
    return counts


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E8F1EC", "border": 1, "text_wrap": True, "valign": "top"}),
        "rupiah": book.add_format({"num_format": "#,##0"}),
        "number": book.add_format({"num_format": "#,##0.##"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        "sum": book.add_format({"bold": True, "num_format": "#,##0", "top": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": None,
    }


def _write_sheet(book: Any, sheet: Sheet, formats: dict[str, Any], tell: Callable[[int], None] | None) -> int:
    page = book.add_worksheet(sheet.title[:31])
    page.freeze_panes(1, 0)
    for index, field in enumerate(sheet.fields):
        page.set_column(index, index, field.width)
        page.write_string(0, index, field.header, formats["head"])
    plan = [
        (index, field.kind == "text", field.kind in {"date", "moment"}, formats[field.kind])
        for index, field in enumerate(sheet.fields)
    ]
    totals = [index for index, field in enumerate(sheet.fields) if field.total]
    sums = dict.fromkeys(totals, Decimal(0))
    count = 0
    for row in sheet.rows:
        count += 1
        if count + 1 >= EXCEL_MAX_ROWS:
            book.close()
            raise TooManyRows
        _write_row(page, count, row, plan)
        for index in totals:
            if row[index] is not None:
                sums[index] += row[index]
        if tell is not None and count % PROGRESS_EVERY == 0:
            tell(count)
    for index in totals:
        page.write_number(count + 1, index, sums[index], formats["sum"])
    if sheet.fields:
        page.autofilter(0, 0, count, len(sheet.fields) - 1)
    return count


def _write_row(page: Any, count: int, row: Sequence[Any], plan: list[tuple[int, bool, bool, Any]]) -> None:
    text, number, moment = page.write_string, page.write_number, page.write_datetime
    for index, is_text, is_date, style in plan:
        value = row[index]
        if value is None:
            continue
        if is_text:
            text(count, index, safe_text(value) if value[:1] in _RISKY else value, style)
        elif is_date:
            moment(count, index, value, style)
        else:
            number(count, index, value, style)
