"""The parent of the reading child: starts it, takes its rows into an unlogged table by COPY, tells how far it is."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection
from psycopg2 import sql

from core.importing import reader_processes
from core.importing.fields import SQL_TYPES, Shape
from core.importing.workbooks import FileRefused
from core.sql import execute

SCHEMA = settings.STAGING_SCHEMA
MEMORY_BYTES = 1_500 * 1024 * 1024
CPU_SECONDS = 180


ABOUT_ROWS = ("sheet_no", "row_no", "bad", "emptied", "unread")  # before the fields that the sheet has


@dataclass
class StagedSheet:
    """One sheet that was read into `table`; `part` is its number in the column `sheet_no`."""

    name: str
    shape: Shape
    part: int
    heading_row: int
    positions: dict[str, int]
    rows: int
    unused: list[str] = field(default_factory=list)  # the headings of columns that are not read
    titles: list[str] = field(default_factory=list)  # what stands above the headings


@dataclass
class Staged:
    """What reading found. `plan` is one entry per sheet, also of those that no shape fits."""

    plan: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    sheets: list[StagedSheet] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_count: int = 0
    name: str = ""  # of the file
    alarms: list[dict[str, Any]] = field(default_factory=list)  # of sheets: why taking over wants a reason
    late_notes: list[dict[str, Any]] = field(default_factory=list)  # of sheets, known once they were read


def sheets_in(plan: Iterable[dict[str, Any]], shapes: Mapping[str, Shape]) -> list[StagedSheet]:
    """The sheets that were read, as the plan says it; how many rows they have is known later."""
    planned = sorted((entry for entry in plan if "part" in entry), key=lambda entry: entry["part"])
    names = ("name", "part", "heading_row", "positions", "unused", "titles")
    return [
        StagedSheet(shape=shapes[entry["shape"]], rows=0, **{name: entry[name] for name in names}) for entry in planned
    ]


def table_name(upload_pk: int, shape: Shape) -> str:
    return f"staging_{upload_pk}_{shape.name}"


def identifier(table: str) -> sql.Identifier:
    """A staged table with its schema: the only one in which the portal's own role may make tables."""
    return sql.Identifier(SCHEMA, table)


def drop(upload_pk: int) -> None:
    """Forget the staged rows of an upload."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE %s",
            [SCHEMA, f"staging\\_{upload_pk}\\_%"],
        )
        for (name,) in cursor.fetchall():
            execute(cursor, sql.SQL("DROP TABLE IF EXISTS {}").format(identifier(name)))


def create(table: str, shape: Shape) -> None:
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(item.name), sql.SQL(SQL_TYPES[item.kind])) for item in shape.fields
    ]
    statement = sql.SQL(
        "CREATE UNLOGGED TABLE {} (sheet_no smallint, row_no integer, bad boolean, emptied text, unread text,"
        " is_foreign boolean, {})"
    ).format(identifier(table), sql.SQL(", ").join(columns))
    with connection.cursor() as cursor:
        execute(cursor, statement)


class Frames:
    """A sheet's share of the child's stream, as the file that COPY reads. Tells `heard` how many bytes went by."""

    def __init__(self, stream: BinaryIO, heard: Callable[[int], None]) -> None:
        self.stream = stream
        self.heard = heard
        self.left = b""
        self.ended = False

    def read(self, size: int = -1) -> bytes:
        while not self.left and not self.ended:
            line = self.stream.readline()
            length = int(line) if line.strip().isdigit() else 0  # bytes: ASCII digits only
            if not length:
                self.ended = True
                break
            self.left = self.stream.read(length)
            self.heard(length)
        if size < 0:
            size = len(self.left)
        out, self.left = self.left[:size], self.left[size:]
        return out


def stage(
    *,
    upload_pk: int,
    path: Path,
    name: str,
    shapes: Iterable[Shape],
    declared: Iterable[Shape] = (),
    mapping: Mapping[str, Any],
    delimiter: str = "",
    year: int = 0,
    heard: Callable[[int, list[dict[str, Any]]], None] = lambda _bytes, _plan: None,
) -> Staged:
    """Read the file into unlogged tables, one per shape. Raises FileRefused; nothing else is written then.

    Those of the shapes that are `declared` in code every reader knows beforehand.
    """
    drop(upload_pk)
    shapes = list(shapes)
    known = {f"{year} {shape.name}": shape for shape in declared if any(each is shape for each in shapes)}
    job = {
        "path": str(path),
        "name": name,
        "shapes": [shape.name if f"{year} {shape.name}" in known else shape.as_json() for shape in shapes],
        "mapping": dict(mapping),
        "delimiter": delimiter,
        "year": year,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
    }
    stream, theirs = os.pipe()
    with os.fdopen(stream, "rb") as rows:
        try:
            with reader_processes.in_memory(json.dumps(job).encode()) as given:
                groundwork = reader_processes.Groundwork(known, partial(_told, year))
                reader = reader_processes.start("core.importing.reading", given, theirs, groundwork)
        finally:
            os.close(theirs)
        try:
            return replace(_take(rows, upload_pk, {shape.name: shape for shape in shapes}, heard), name=name)
        except BaseException:
            reader.kill()
            drop_quietly(upload_pk)
            raise
        finally:
            reader.close()


def _told(year: int, shapes: Mapping[str, Shape]) -> bytes:
    return json.dumps({"year": year, "shapes": [shape.as_json() for shape in shapes.values()]}).encode()


def drop_quietly(upload_pk: int) -> None:
    if connection.connection is not None and not connection.needs_rollback:
        drop(upload_pk)


def _take(
    stream: Any, upload_pk: int, shapes: Mapping[str, Shape], heard: Callable[[int, list[dict[str, Any]]], None]
) -> Staged:
    head = _line(stream)
    if "refused" in head:
        raise FileRefused(head["refused"]["code"], **head["refused"]["params"])
    plan = head["sheets"]
    staged = Staged(plan=plan, notes=head["notes"])
    for sheet in sheets_in(plan, shapes):
        table = table_name(upload_pk, sheet.shape)
        if not any(each.shape.name == sheet.shape.name for each in staged.sheets):
            create(table, sheet.shape)
        frames = Frames(stream, lambda count: heard(count, plan))
        columns = [*ABOUT_ROWS, *(item.name for item in sheet.shape.fields if item.name in sheet.positions)]
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
            identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with connection.cursor() as cursor:
            cursor.copy_expert(statement, frames, size=1 << 18)
        staged.sheets.append(sheet)
    tail = _line(stream)
    if tail["refused"]:
        raise FileRefused(tail["refused"]["code"], **tail["refused"]["params"])
    for sheet, rows in zip(staged.sheets, tail["rows"], strict=True):
        sheet.rows = rows
    staged.problems, staged.problem_count = tail["problems"], tail["problem_count"]
    staged.late_notes, staged.alarms = tail["notes"], tail["alarms"]
    for entry in (each for each in plan if "part" in each):
        staged.alarms += [alarm | {"sheet": entry["name"]} for alarm in entry["alarms"]]
    for sheet in staged.sheets:
        mark_bad(table_name(upload_pk, sheet.shape), [(part, row) for part, row in tail["late"] if part == sheet.part])
    return staged


def mark_bad(table: str, rows: list[tuple[int, int]]) -> None:
    """Mark (sheet_no, row_no) as refused."""
    if not rows:
        return
    with connection.cursor() as cursor:
        execute(
            cursor,
            sql.SQL(
                "UPDATE {} AS s SET bad = true FROM unnest(%s::int[], %s::int[]) AS b(p, r) "
                "WHERE s.sheet_no = b.p AND s.row_no = b.r"
            ).format(identifier(table)),
            [[part for part, _row in rows], [row for _part, row in rows]],
        )


def _line(stream: Any) -> Any:
    line = stream.readline()
    if not line:
        raise FileRefused("too_heavy")  # the child is gone: killed by its limits
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise FileRefused("too_heavy") from error
