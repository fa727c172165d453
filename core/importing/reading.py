"""The child process that reads a file, started by `reader_processes`: a job as JSON comes in, a stream goes out.

It holds memory and time limits of its own, so a hostile file ends the child and not the worker. The stream is one line
of JSON (the plan: sheets, kinds, headings), then for each planned sheet CSV for COPY in frames (`<bytes>\\n` and that
many bytes, `0\\n` ends the sheet), then one line of JSON with the rest: how many rows, what could not be read.
"""

import csv
import gc
import io
import itertools
import json
import re
import resource
import string
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from core.importing import headings
from core.importing.bounds import Bounds, all_names, refuse_other_tables, rows_above
from core.importing.fields import Kind, Shape
from core.importing.rows import Problems, RowReader, shown
from core.importing.workbooks import FileRefused, Sheet, note, open_book

MAX_ROWS = 400_000
ROWS_A_FRAME = 2_000
SAMPLE_ROWS = 10
WIDEST = 2_000
LONGEST_TITLE = 8  # cells
_SCALE = r"(?:ribu|juta|mil[iy]ar|trili?un)(?:an)?\b"
_SCALED = re.compile(
    rf"\b(?:dalam|satuan|x|rp\.?|rupiah)[ :(.]*(?:rp\.?|rupiah)?[ .:(]*{_SCALE}"
    rf"|\((?:rp\.?)? ?{_SCALE}|^{_SCALE} (?:rp|rupiah)"
    r"|\b(?:dalam|x) ?(?:rp\.?)? ?1?\.?000(?:\.000)?\b|\((?:rp\.?)? ?000\)"
)


# By year and name: the kinds of list that were there before the job, which names them only. To read them all anew for
# each file took longer than most files.
KINDS: dict[tuple[int, str], Shape] = {}


def prepare(given: BinaryIO) -> None:
    """In the server: each reader begins with these kinds of list, and with their headings as they are compared."""
    told = json.load(given)
    shapes = [Shape.from_json(shape, told["year"]) for shape in told["shapes"]]
    KINDS.update({(told["year"], shape.name): shape for shape in shapes})
    for shape in shapes:
        headings.Known(shape)


def run(job: Mapping[str, Any], out: BinaryIO) -> None:
    """`job`: path, name, shapes (the name alone of one in `KINDS`), mapping (sheet → {shape, columns}), limits."""
    year = job.get("year", 0)
    shapes = [KINDS[year, shape] if isinstance(shape, str) else Shape.from_json(shape, year) for shape in job["shapes"]]
    try:
        book = open_book(Path(job["path"]), job.get("delimiter", ""))
        planned, plan = _plan(book.sheets, shapes, job.get("mapping") or {})
    except FileRefused as refused:
        _line(out, {"refused": {"code": refused.code, "params": refused.params}})
        return
    except Exception:  # noqa: BLE001 (whatever a reader makes of a strange file, people are told)
        _line(out, {"refused": {"code": "broken_file", "params": {}}})
        return
    _line(out, {"sheets": plan, "notes": book.notes})
    _line(out, _streamed(planned, out))


def _streamed(planned: Sequence["Planned"], out: BinaryIO) -> dict[str, Any]:
    """Each sheet's rows to the stream; what is known at their end."""
    problems = Problems()
    counts: list[int] = []
    late: list[tuple[int, int]] = []  # (part, row)
    refusal = None
    for number, (sheet, match, rows, bounds) in enumerate(planned):
        try:
            if refusal is None:
                counts.append(_stream(number, sheet, match, rows, bounds, problems, out))
                late += [(number, row) for name, row in problems.late[len(late) :]]
        except FileRefused as refused:
            refusal = {"code": refused.code, "params": refused.params}
        finally:
            out.write(b"0\n")  # for each sheet, or the other end takes the last line for its rows
    if refusal is None and planned and not sum(counts) and not problems.notes:
        refusal = {"code": "no_rows", "params": {}}
    return {
        "rows": counts,
        "problems": problems.kept,
        "problem_count": problems.count,
        "refused": refusal,
        "notes": problems.notes,
        "alarms": problems.alarms,
        "late": late,
    }


def _line(out: BinaryIO, data: Any) -> None:
    out.write(json.dumps(data, default=str).encode() + b"\n")
    out.flush()


Planned = tuple[Sheet, headings.Match, Iterator[Sequence[Any]], Bounds]


def _plan(
    sheets: list[Sheet], shapes: list[Shape], mapping: Mapping[str, Any]
) -> tuple[list[Planned], list[dict[str, Any]]]:
    """What is read of which sheet, and what is said of each that is not skipped."""
    planned: list[Planned] = []
    plan: list[dict[str, Any]] = []
    names = all_names(shapes)
    for sheet in sheets:
        chosen = mapping.get(sheet.name) or mapping.get("*") or {}
        if chosen.get("skip"):
            continue
        head = list(itertools.islice(sheet.rows, headings.ROWS_SEARCHED))
        if _is_own_sheet(sheet, head):
            continue
        match = headings.find(
            head, _wanted(shapes, chosen.get("shape")), chosen.get("columns"), is_named=bool(chosen.get("shape"))
        )
        entry: dict[str, Any] = {"name": sheet.name, "height": sheet.height, "notes": sheet.notes}
        entry |= _unknown(sheet, head, shapes) if match is None else _recognised(sheet, match, head)
        if match is not None:
            entry["notes"] += _remarks(match)
        if match is not None and not match.missing:
            _refuse_scaled(sheet, match, head)
            if not chosen.get("columns"):  # where a person named them, the others are not meant
                refuse_other_tables(sheet, match, head, shapes)
            entry["part"] = len(planned)
            entry["alarms"] = [*_doubts(match), *rows_above(sheet, match, head)]
            rows = itertools.chain(head[match.row + 1 :], sheet.rows)
            planned.append((sheet, match, rows, Bounds(sheet, match, head, names)))
        plan.append(entry)
    return planned, plan


def _is_own_sheet(sheet: Sheet, head: Sequence[Sequence[Any]]) -> bool:
    """The page of a workbook of ours that says how to fill it in."""
    return sheet.name == "Petunjuk" and bool(head) and str(head[0][0]) == "OPD"


def _wanted(shapes: list[Shape], name: str | None) -> list[Shape]:
    """The shape that was chosen; else all of them."""
    return [shape for shape in shapes if shape.name == name] or shapes


def _unknown(sheet: Sheet, head: Sequence[Sequence[Any]], shapes: list[Shape]) -> dict[str, Any]:
    """What helps a person to say what the sheet holds: its likely headings, and some rows."""
    if max((len(cells) for cells in head), default=0) > WIDEST:
        raise FileRefused("too_many_columns", limit=WIDEST)
    row = headings.likely_heading_row(head, shapes)
    near = headings.nearest(head, shapes)
    return {
        "shape": "",
        "nearest": near and asdict(near),
        "heading_row": sheet.first_row + row,
        "headings": _texts(head[row]) if head else [],
        "sample": [[shown(cell)[:60] for cell in cells[:40]] for cells in head[row + 1 : row + 1 + SAMPLE_ROWS]],
    }


def _titles(rows: Sequence[Sequence[Any]]) -> list[str]:
    """What stands above the headings, a text for each row; long rows are no titles."""
    found = []
    for cells in rows:
        texts = [str(cell).strip() for cell in cells if str(cell).strip()]
        if 0 < len(texts) <= LONGEST_TITLE:
            found.append(" ".join(texts)[:300])
    return found


def _recognised(sheet: Sheet, match: headings.Match, head: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {
        "shape": match.shape.name,
        "heading_row": sheet.first_row + match.row,
        "columns": {name: str(match.texts[index])[:80] for name, index in match.columns.items()},
        "positions": {name: index + sheet.first_column for name, index in match.columns.items()},
        "headings": _texts(match.texts),
        "missing": [headings.in_words(match.shape, name) for name in match.missing],
        "unused": match.unused[:200],
        "titles": _titles(head[: match.row]),
    }


def _refuse_scaled(sheet: Sheet, match: headings.Match, head: Sequence[Sequence[Any]]) -> None:
    """Raises FileRefused where what stands above the headings says that amounts are in thousands or millions."""
    if not any(field.kind is Kind.RUPIAH and field.name in match.columns for field in match.shape.fields):
        return
    for title in _titles(head[: match.row]):
        if _SCALED.search(" ".join(title.lower().split())):
            raise FileRefused("amounts_scaled", sheet=sheet.name[:60], text=title[:80])


def _doubts(match: headings.Match) -> list[dict[str, Any]]:
    """Why taking over a list with these headings wants a reason."""
    return [note("of_one_span", names=", ".join(match.of_span[:5]))] if match.of_span else []


def _remarks(match: headings.Match) -> list[dict[str, Any]]:
    found = []
    if match.twice:
        names = dict.fromkeys(str(match.texts[match.columns[name]]) for name in match.twice)
        found.append(note("heading_twice", names=", ".join(list(names)[:5])))
    if match.chosen:
        found.append(note("groups_read", names="; ".join(match.chosen[:5])))
    if match.unused:
        found.append(note("unused_columns", count=len(match.unused), names=", ".join(match.unused[:8])))
    return found


def _texts(cells: Sequence[Any]) -> list[str]:
    return [str(cell)[:80] for cell in cells if str(cell).strip()]


def _stream(
    number: int,
    sheet: Sheet,
    match: headings.Match,
    rows: Iterator[Sequence[Any]],
    bounds: Bounds,
    problems: Problems,
    out: BinaryIO,
) -> int:
    """The rows under the headings as CSV: sheet number, row number, whether a cell was refused, the fields that the row
    empties, a digest of what is not read, then the fields that have a column."""
    reader = RowReader(sheet, match, problems)
    rows = reader.look_through(rows)
    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\n").writerow
    count = 0
    left_out: Counter[str] = Counter()
    for row_number, cells, picked in bounds.inside(_numbered(sheet.first_row + match.row + 1, rows, reader)):
        reader.compare_doubles(row_number, cells)
        if why := reader.why_left_out(cells, picked):
            left_out[why] += 1
            continue
        count += 1
        if count > MAX_ROWS:
            raise FileRefused("too_many_rows", limit=MAX_ROWS)
        values, bad = reader.read(row_number, picked)
        bad |= reader.is_too_long(row_number, cells)
        write([number, row_number, bad, ",".join(reader.emptied), reader.look_at_unread(cells), *values])
        if count % ROWS_A_FRAME == 0:
            _frame(buffer, out)
    _frame(buffer, out)
    reader.tell(left_out, bounds.notes())
    return count


def _numbered(
    first: int, rows: Iterator[Sequence[Any]], reader: RowReader
) -> Iterator[tuple[int, Sequence[Any], Sequence[Any]]]:
    """The number of each row that holds something, its cells, and those of the fields."""
    for row_number, given in enumerate(rows, start=first):
        cells = given if len(given) >= reader.widest else [*given, *[""] * (reader.widest - len(given))]
        is_close = row_number - first < 2  # noqa: PLR2004 (printed forms number their columns)
        if is_close and _is_numbering(cells):
            continue
        picked = reader.pick(cells)
        if not any(picked) and _is_blank(picked):
            continue
        yield row_number, cells, picked


def _is_numbering(cells: Sequence[Any]) -> bool:
    """The row of 1, 2, 3, … or a, b, c, … that printed forms have below their headings."""
    said = [str(cell).removesuffix(".0").strip("() ").lower() for cell in cells if str(cell).strip()]
    names = [text.partition("=")[0].strip() for text in said]
    numbers = [str(number) for number in range(1, len(said) + 1)]
    return len(said) > 2 and (names == numbers or names == list(string.ascii_lowercase[: len(said)]))  # noqa: PLR2004


def _is_blank(cells: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _frame(buffer: io.StringIO, out: BinaryIO) -> None:
    body = buffer.getvalue().replace("\x00", "").encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    if body:
        out.write(b"%d\n" % len(body))
        out.write(body)
        out.flush()


def hold_limits(memory: int, seconds: int) -> None:
    """Address space and processor time of this process; beyond it the kernel ends it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def main() -> None:
    gc.disable()  # short-lived, and its rows hold no circles
    job = json.load(sys.stdin)
    hold_limits(job["memory_bytes"], job["cpu_seconds"])
    run(job, sys.stdout.buffer)
