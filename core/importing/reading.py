"""The child process that reads a file: `python -m core.importing.reading < job.json > stream`.

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
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

from core.importing import headings
from core.importing.cell_details import is_error
from core.importing.cells import BLANKS, LIMIT, CellProblem, says_nothing, value_of, warning_of
from core.importing.fields import CLEAR, Field, Kind, Shape
from core.importing.workbooks import FileRefused, Sheet, note, open_book
from core.numbers import decimal_sign_of

MAX_ROWS = 400_000
MAX_PROBLEMS = 5_000
ROWS_A_FRAME = 2_000
SAMPLE_ROWS = 10
FOUND_SHOWN = 120
WIDEST = 2_000
KNOWN_CELLS = 10_000
UNKNOWN = object()
WORDS = BLANKS - {""} | {CLEAR.lower()}
LONGEST_WORD, SIGNS_OF_ERRORS = max(map(len, WORDS)), {"#", "E"}
LONGEST_TITLE = 8  # cells
RUNNING_NUMBERS = {"no", "nourut", "nomorurut", "urutan"}  # headings of columns that number the rows
NUMERIC = {Kind.NUMBER, Kind.RUPIAH}


class Problems:
    """What is wrong in cells; beyond a limit only counted."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.count = 0
        self.notes: list[dict[str, Any]] = []  # on whole sheets, known only at their end
        self.alarms: list[dict[str, Any]] = []  # the same, and they want a reason

    def add(
        self,
        sheet: str,
        row: int,
        column: int | None,
        field: str,
        found: Any,
        problem: CellProblem,
        *,
        is_warning: bool = False,
    ) -> None:
        self.count += not is_warning
        if len(self.kept) < MAX_PROBLEMS:
            self.kept.append(
                {
                    "sheet": sheet[:60],
                    "row": row,
                    "column": column,
                    "field": field,
                    "found": str(found).replace("\x00", "")[:FOUND_SHOWN],
                    "code": problem.code,
                    "params": problem.params,
                    "is_warning": is_warning,
                }
            )


def run(job: Mapping[str, Any], out: BinaryIO) -> None:
    """`job`: path, name, shapes, mapping (sheet → {shape, columns}), limits."""
    try:
        book = open_book(Path(job["path"]), job.get("delimiter", ""))
        shapes = [Shape.from_json(shape).in_year(job.get("year", 0)) for shape in job["shapes"]]
        planned, plan = _plan(book.sheets, shapes, job.get("mapping") or {})
    except FileRefused as refused:
        _line(out, {"refused": {"code": refused.code, "params": refused.params}})
        return
    except Exception:  # noqa: BLE001 (whatever a reader makes of a strange file, people are told)
        _line(out, {"refused": {"code": "broken_file", "params": {}}})
        return
    _line(out, {"sheets": plan, "notes": book.notes})
    problems = Problems()
    counts = []
    refusal = None
    for number, (sheet, match, rows) in enumerate(planned):
        try:
            counts.append(_stream(number, sheet, match, rows, problems, out))
        except FileRefused as refused:
            refusal = {"code": refused.code, "params": refused.params}
            break
        finally:
            out.write(b"0\n")
    _line(
        out,
        {
            "rows": counts,
            "problems": problems.kept,
            "problem_count": problems.count,
            "refused": refusal,
            "notes": problems.notes,
            "alarms": problems.alarms,
        },
    )


def _line(out: BinaryIO, data: Any) -> None:
    out.write(json.dumps(data, default=str).encode() + b"\n")
    out.flush()


Planned = tuple[Sheet, headings.Match, Iterator[Sequence[Any]]]


def _plan(
    sheets: list[Sheet], shapes: list[Shape], mapping: Mapping[str, Any]
) -> tuple[list[Planned], list[dict[str, Any]]]:
    """What is read of which sheet, and what is said of each that is not skipped."""
    planned: list[Planned] = []
    plan: list[dict[str, Any]] = []
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
            entry["part"] = len(planned)
            planned.append((sheet, match, itertools.chain(head[match.row + 1 :], sheet.rows)))
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
        "missing": match.missing,
        "unused": match.unused[:200],
        "titles": _titles(head[: match.row]),
    }


def _remarks(match: headings.Match) -> list[dict[str, Any]]:
    found = []
    if match.twice:
        found.append(note("heading_twice", names=", ".join(match.twice[:5])))
    if match.unused:
        found.append(note("unused_columns", count=len(match.unused), names=", ".join(match.unused[:8])))
    return found


def _texts(cells: Sequence[Any]) -> list[str]:
    return [str(cell)[:80] for cell in cells if str(cell).strip()]


def _stream(
    number: int, sheet: Sheet, match: headings.Match, rows: Iterator[Sequence[Any]], problems: Problems, out: BinaryIO
) -> int:
    """The rows under the headings as CSV: sheet number, row number, whether a cell was refused, the fields that the row
    empties, a digest of what is not read, then the fields that have a column."""
    reader = RowReader(sheet, match, problems)
    rows = reader.look_through(rows)
    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\n").writerow
    count = 0
    left_out: Counter[str] = Counter()
    for row_number, given in enumerate(rows, start=sheet.first_row + match.row + 1):
        cells = given if len(given) >= reader.widest else [*given, *[""] * (reader.widest - len(given))]
        is_close = row_number - sheet.first_row - match.row <= 2  # noqa: PLR2004 (printed forms number their columns)
        if is_close and _is_numbering(cells):
            continue
        picked = reader.pick(cells)
        if not any(picked) and _is_blank(picked):
            continue
        if why := reader.why_left_out(cells, picked):
            left_out[why] += 1
            continue
        count += 1
        if count > MAX_ROWS:
            raise FileRefused("too_many_rows", limit=MAX_ROWS)
        values, bad = reader.read(row_number, picked)
        write([number, row_number, bad, ",".join(reader.emptied), reader.look_at_unread(cells), *values])
        if count % ROWS_A_FRAME == 0:
            _frame(buffer, out)
    _frame(buffer, out)
    reader.tell(left_out)
    return count


def _is_numbering(cells: Sequence[Any]) -> bool:
    """The row of 1, 2, 3, … that printed forms have below their headings."""
    said = [str(cell).removesuffix(".0").strip("() ") for cell in cells if str(cell).strip()]
    return len(said) > 2 and all(  # noqa: PLR2004
        text.partition("=")[0].strip() == str(number) for number, text in enumerate(said, start=1)
    )


def _is_total(cells: Sequence[Any], *, lacks: bool) -> bool:
    """Whether the first text of the row says that it sums up the others. “Jumlah siswa” is an indicator: where
    nothing is lacking, the word has to be all of it."""
    first = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
    words = re.sub(r"[^a-z ]", "", first.lower()).split()
    return bool(words) and set(words[:1] if lacks else words) <= TOTAL_WORDS and bool(set(words) & SUMS)


def shown(cell: Any) -> str:
    """As a person sees it: 61000002, not 61000002.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


class Shares:
    """A column of percentages, none of which is more than 1, holds shares perhaps: 0.7 for 70 %."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.largest = Decimal(0)
        self.is_said = False  # by a percent sign, or the format of a cell

    def look_at(self, cell: Any, value: Any) -> None:
        if value is not None:
            self.is_said |= isinstance(cell, Decimal) or (isinstance(cell, str) and "%" in cell)
            self.largest = max(self.largest, Decimal(str(value)))

    @property
    def is_unclear(self) -> bool:
        return not self.is_said and 0 < self.largest <= 1


class RowReader:
    """Cells of a row to the values of the fields that have a column, in the order of the shape; what can't be read
    goes to `problems`."""

    def __init__(self, sheet: Sheet, match: headings.Match, problems: Problems) -> None:
        self.present = [field for field in match.shape.fields if field.name in match.columns]
        self.indices = [match.columns[field.name] for field in self.present]
        self.sheet, self.problems, self.texts = sheet, problems, match.texts
        only = self.indices[0]
        self.pick: Callable[[Sequence[Any]], Any] = (
            itemgetter(*self.indices) if len(self.indices) > 1 else lambda cells: (cells[only],)
        )
        self.required = [place for place, field in enumerate(self.present) if field.required]
        self.details = [place for place, field in enumerate(self.present) if field.name in match.shape.details]
        self.patterns: dict[tuple[type, ...], Work] = {}
        # What cells were read as before: columns of flags, months or figures written as text repeat themselves.
        self.known: list[dict[tuple[type, Any], Any]] = [{(str, ""): None} for _field in self.present]
        self.emptied: list[str] = []  # by the row that was read last
        self.cleaned = self.unread_errors = 0
        self.unread = [
            at
            for at, text in enumerate(match.texts)
            if at not in set(self.indices) and headings.normal(text) not in {"", *RUNNING_NUMBERS}
        ]
        self.widest = max(*self.indices, *self.unread, 0) + 1
        # Twice the first where there is one only: itemgetter gives a tuple then too.
        self.pick_unread = itemgetter(*self.unread, self.unread[0]) if self.unread else None
        self.shares = [Shares(place) for place, field in enumerate(self.present) if field.kind is Kind.PERCENT]

    def look_through(self, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """How each column of figures writes decimals, from all its texts: `1.234` alone doesn't say. And whether the
        sheet writes `t` and `f` for true and false."""
        flags = [place for place, field in enumerate(self.present) if field.kind is Kind.FLAG]
        if not self.sheet.is_text and not flags:
            return rows
        held = list(rows)
        for place, field in enumerate(self.present if self.sheet.is_text else ()):
            if field.kind in NUMERIC | {Kind.PERCENT, Kind.INTEGER}:
                at = self.indices[place]
                sign = decimal_sign_of(cells[at] for cells in held if at < len(cells))
                self.present[place] = replace(field, decimal_sign=sign)
        self._look_at_flags(held, flags)
        return iter(held)

    def _look_at_flags(self, held: Sequence[Sequence[Any]], flags: Sequence[int]) -> None:
        said = {place: _words_at(held, self.indices[place]) for place in flags}
        is_boolean = any("f" in words for words in said.values())
        for place, words in said.items():
            means = False if words & YES_OR_NO else True if is_boolean else None
            self.present[place] = replace(self.present[place], letter_t=means)

    def read(self, row_number: int, picked: Sequence[Any]) -> tuple[list[Any], bool]:
        """(values, whether a cell was refused). Nearly every cell is what it should be: the loops only look."""
        types = tuple(map(type, picked))
        work = self.patterns.get(types)
        if work is None:
            work = self.patterns[types] = Work.of(types, self.present)
        values = list(picked)
        bad = False
        self.emptied = []
        for place in self._odd(work, values):
            bad |= not self._convert(row_number, place, values)
        for place in self.required:
            if values[place] in BLANK and says_nothing(picked[place]):
                bad = True
                self._problem(row_number, place, "", CellProblem("required"))
        for share in self.shares:
            share.look_at(picked[share.place], values[share.place])
        return values, bad

    def _odd(self, work: "Work", values: list[Any]) -> list[int]:
        """The places that need the long way; texts are trimmed, and cells that were read before are filled in."""
        odd = [place for place in work.figures if not -LIMIT <= values[place] <= LIMIT]
        for place, limit, is_code in work.texts:
            cell = values[place] = self._clean(values[place])
            if len(cell) > limit or (is_code and (" " in cell or "+" in cell)) or _is_word(cell):
                odd.append(place)
        for place in work.others:
            cell = values[place]
            known = self.known[place].get((cell.__class__, cell), UNKNOWN)
            if known is UNKNOWN:
                odd.append(place)
            else:
                values[place] = known
        return odd

    def _convert(self, row_number: int, place: int, values: list[Any]) -> bool:
        """The long way for one cell: read it by its field's kind, or note why it cannot be read."""
        cell = values[place] = self._clean(values[place]) if isinstance(values[place], str) else values[place]
        if is_clear(cell):
            return self._clear(row_number, place, values)
        try:
            value = values[place] = value_of(self.present[place], cell)
        except CellProblem as problem:
            values[place] = None
            self._problem(row_number, place, cell, problem)
            return False
        if (warning := warning_of(self.present[place], value)) is not None:
            self._problem(row_number, place, cell, warning, is_warning=True)
        elif len(self.known[place]) < KNOWN_CELLS:
            self.known[place][cell.__class__, cell] = value
        return True

    def _clean(self, cell: str) -> str:
        """Without what nobody sees: blanks of other widths, marks between letters, ends of lines."""
        if cell.isascii() and "\n" not in cell and "\r" not in cell:
            return cell.strip()
        plain = " ".join(cell.translate(INVISIBLE).split())
        self.cleaned += any(ord(letter) in INVISIBLE for letter in cell)
        return plain

    def tell(self, left_out: Counter[str]) -> None:
        """What is known of the sheet at its end; `left_out` counts the rows by the note that says why."""
        counts = (
            *left_out.items(),
            ("cleaned", self.cleaned),
            ("errors_not_read", self.unread_errors),
        )
        name = {"sheet": self.sheet.name}
        self.problems.notes += [note(code, count=found) | name for code, found in counts if found]
        for share in self.shares:
            if share.is_unclear:
                heading = str(self.texts[self.indices[share.place]])[:80]
                self.problems.alarms.append(note("shares_or_percentages", heading=heading) | name)

    def look_at_unread(self, cells: Sequence[Any]) -> str:
        """A digest of what is not read, which tells rows apart that are alike in every column that is. Errors there are
        counted, and nothing else."""
        if self.pick_unread is None:
            return ""
        said = "\x1f".join(map(str, self.pick_unread(cells)))
        if "#" in said or "Err:" in said:
            self.unread_errors += sum(is_error(cells[at]) for at in self.unread)
        return f"{zlib.crc32(said.encode('utf-8', errors='replace')):08x}"

    def lacks_required(self, picked: Sequence[Any]) -> bool:
        return any(says_nothing(picked[place]) for place in self.required)

    def why_left_out(self, cells: Sequence[Any], picked: Sequence[Any]) -> str:
        """The note of a row that only sums up or heads others: it lacks what a row can't do without, and tells no
        detail either. "" for every other row."""
        lacks = self.lacks_required(picked)
        if _is_total(cells, lacks=lacks):
            return "totals_left_out"
        is_heading = bool(lacks and self.details) and all(says_nothing(picked[place]) for place in self.details)
        return "headings_left_out" if is_heading else ""

    def _clear(self, row_number: int, place: int, values: list[Any]) -> bool:
        """The cell says that the portal's value goes. Whether it may."""
        field, cell = self.present[place], values[place]
        values[place] = None
        if field.required or not field.may_go:
            self._problem(row_number, place, cell, CellProblem("cannot_be_emptied"))
            return False
        self.emptied.append(field.name)
        return True

    def _problem(
        self, row_number: int, place: int, cell: Any, problem: CellProblem, *, is_warning: bool = False
    ) -> None:
        column, name = self.sheet.first_column + self.indices[place], self.present[place].name
        self.problems.add(self.sheet.name, row_number, column, name, cell, problem, is_warning=is_warning)


def _words_at(rows: Sequence[Sequence[Any]], at: int) -> set[str]:
    return {cells[at].strip().lower() for cells in rows if at < len(cells) and isinstance(cells[at], str)}


def is_clear(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) < 2 * len(CLEAR) and cell.strip().upper() == CLEAR


def _is_word(cell: str) -> bool:
    """Whether the text may be one that isn't meant as such: it empties, says nothing, or is an error."""
    return cell[:1] in SIGNS_OF_ERRORS or (len(cell) <= LONGEST_WORD and cell.lower() in WORDS)


# Soft hyphens, zero-width marks, byte-order marks, direction marks; blanks that don't break become plain ones.
INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF]) | {0xA0: " ", 0x202F: " "}
YES_OR_NO = {"y", "ya", "iya", "n", "tidak", "tdk"}  # beside them `t` is short for tidak
SUMS = {"total", "jumlah", "subtotal", "jml", "grandtotal"}
TOTAL_WORDS = SUMS | {"sub", "grand", "keseluruhan", "umum", "rp", "akhir", "besar"}
BLANK = frozenset({None, ""})


@dataclass(frozen=True)
class Work:
    """What the cells of a row with certain types need; worked out once per pattern of types."""

    texts: list[tuple[int, int, bool]]  # (place, longest, whether a code, which has no blanks)
    figures: list[int]
    others: list[int]

    @classmethod
    def of(cls, types: Sequence[type], fields: Sequence[Field]) -> "Work":
        texts: list[tuple[int, int, bool]] = []
        figures, others = [], []
        for place, (kind, field) in enumerate(zip(types, fields, strict=True)):
            if kind is str and field.kind in {Kind.TEXT, Kind.CODE}:
                texts.append((place, field.max_length, field.kind is Kind.CODE))
            elif kind in {int, float} and field.kind in NUMERIC:
                figures.append(place)
            else:
                others.append(place)
        return cls(texts, figures, others)


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


if __name__ == "__main__":
    gc.disable()  # short-lived, and its rows hold no circles
    job = json.load(sys.stdin)
    hold_limits(job["memory_bytes"], job["cpu_seconds"])
    run(job, sys.stdout.buffer)
