"""Rows for exports straight from PostgreSQL: one statement each, so one picture of the data.

CSV is written by PostgreSQL itself (COPY) and Python only hands the bytes on; worksheets come through a server-side
cursor. A statement holds `{columns}` where the columns' expressions go.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from core.exports.columns import FIGURES, ExportColumn, in_house_language
from core.exports.formulas import FORMULA_STARTS, PASSED_OVER

CHUNK = 2_000


def literal(text: str) -> str:
    """A text of ours (a translated label) as an SQL literal, safe against quotes and percent signs."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def labels(expression: str, choices: Any) -> str:
    """CASE … END that shows a choice's label as it reads in the language of the request."""
    cases = " ".join(f"WHEN {literal(value)} THEN {literal(str(label))}" for value, label in choices.choices)
    return f"CASE {expression} {cases} ELSE {expression} END"


_CONTROLS = {"\t": r"E'\t'", "\r": r"E'\r'", "\n": r"E'\n'"}
_DANGEROUS = ", ".join(_CONTROLS.get(mark) or literal(mark) for mark in FORMULA_STARTS)


def as_csv(column: ExportColumn) -> str:
    """The expression as Excel with Indonesian settings reads it; a text that looks like a formula gets an
    apostrophe."""
    if column.kind == "text":
        first = f"left(ltrim({column.sql}, {literal(PASSED_OVER)}), 1)"
        return f"CASE WHEN {first} IN ({_DANGEROUS}) THEN '''' || {column.sql} ELSE {column.sql} END"
    if column.kind in FIGURES:
        return f"replace(trim_scale(({column.sql})::numeric)::text, '.', ',')"
    if column.kind == "moment":
        return f"to_char({column.sql} AT TIME ZONE '{settings.TIME_ZONE}', 'YYYY-MM-DD HH24:MI:SS')"
    return f"to_char({column.sql}, 'YYYY-MM-DD')"


@in_house_language
def csv_copy(sql: str, columns: Sequence[ExportColumn], parameters: Any) -> str:
    """The COPY statement for `sql`; the heading is written by `copy_csv`."""
    expressions = ", ".join(as_csv(column) for column in columns)
    with connection.cursor() as cursor:
        query = cursor.mogrify(sql.replace("{columns}", expressions), parameters).decode()
    return f"COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER ';', NULL '')"


@in_house_language
def copy_csv(file: BinaryIO, sql: str, columns: Sequence[ExportColumn], parameters: Any = None) -> int:
    """UTF-8 with a byte-order mark and semicolons. Returns the number of rows."""
    headers = [
        '"' + column.header.replace('"', '""') + '"' if any(c in column.header for c in ';"\n') else column.header
        for column in columns
    ]
    file.write(("\ufeff" + ";".join(headers) + "\n").encode())
    with snapshot() as cursor:
        cursor.copy_expert(csv_copy(sql, columns, parameters), file)
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


def _as_cell(column: ExportColumn) -> str:
    """A moment as the clock in the province showed it: worksheets know no time zones."""
    return f"({column.sql}) AT TIME ZONE '{settings.TIME_ZONE}'" if column.kind == "moment" else column.sql


def rows_of(sql: str, columns: Sequence[ExportColumn], parameters: Any = None) -> Iterator[Sequence[Any]]:
    """The rows as tuples through a server-side cursor, moments in local time; memory does not grow with their
    number."""
    expressions = ", ".join(_as_cell(column) for column in columns)
    with transaction.atomic(), connection.cursor() as opener:
        opener.execute("SELECT 1")  # opens the connection, if nothing has yet
        with connection.connection.cursor(name="sql_export") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(sql.replace("{columns}", expressions), parameters)
            yield from cursor


def objects_of(queryset: QuerySet[Any]) -> Iterator[Any]:
    """The queryset's objects through a server-side cursor, in the same kind of picture."""
    with snapshot():
        yield from queryset.iterator(chunk_size=CHUNK)
