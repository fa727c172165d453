"""Cells of a row to the values of the fields that have a column: the part of reading that looks at every cell. Pure."""

import itertools
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from core.exports.formulas import meant_text
from core.importing import headings
from core.importing.cell_details import column_letters, is_error
from core.importing.cells import BLANKS, BOTH_SIGNS, LIMIT, CellProblem, says_nothing, value_of, warning_of
from core.importing.columns import Rows, Shares, first_difference, judges
from core.importing.fields import CLEAR, Field, Kind
from core.importing.workbooks import FileRefused, Sheet, note
from core.numbers import decimal_signs_of

MAX_PROBLEMS = 5_000
FOUND_SHOWN = 120
KNOWN_CELLS = 10_000
UNKNOWN = object()
AROUND_A_WORD = " ()[]{}<>\"'*#.!"  # with which people set a word off from the text that they don't mean
WORDS = BLANKS - {""} | {form.format(CLEAR.lower()) for form in ("{}", "({})", "[{}]", "{{{}}}", "<{}>", "{}.", "{}!")}
WORDS |= {form.format(CLEAR.lower()) for form in ('"{}"', "'{}'", "*{}*", "#{}", "*{}", "# {}")}
LONGEST_WORD, SIGNS_OF_ERRORS, SIGNS_OF_TEXTS = max(map(len, WORDS)), {"#", "E"}, {"=", "'"}
RUNNING_NUMBERS = {"no", "nourut", "nomorurut", "urutan"}  # headings of columns that number the rows
NUMERIC = {Kind.NUMBER, Kind.RUPIAH}


class Problems:
    """What is wrong in cells; beyond a limit only counted."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.count = 0
        self.notes: list[dict[str, Any]] = []  # on whole sheets, known only at their end
        self.alarms: list[dict[str, Any]] = []  # the same, and they want a reason
        self.late: list[tuple[str, int]] = []  # (sheet, row) that was given as good and is refused after all

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


def is_total(cells: Sequence[Any], *, lacks: bool) -> bool:
    """Whether the first text of the row says that it sums up the others. “Jumlah siswa” is an indicator: where
    nothing is lacking, the word has to be all of it."""
    first = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
    words = re.sub(r"[^a-z ]", "", first.lower()).split()
    return bool(words) and set(words[:1] if lacks else words) <= TOTAL_WORDS and bool(set(words) & SUMS)


def shown(cell: Any) -> str:
    """As a person sees it: 61000002, not 61000002.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


class RowReader:
    """Cells of a row to the values of the fields that have a column, in the order of the shape; what can't be read
    goes to `problems`."""

    def __init__(self, sheet: Sheet, match: headings.Match, problems: Problems) -> None:
        self.present = [field for field in match.shape.fields if field.name in match.columns]
        self.indices = [match.columns[field.name] for field in self.present]
        self.sheet, self.problems, self.texts = sheet, problems, match.texts
        self.pick = _picker(self.indices)
        self.required = self._places(lambda field: field.required)
        self.details = self._places(lambda field: field.name in match.shape.details)
        self.patterns: dict[tuple[type, ...], Work] = {}
        # What cells were read as before: columns of flags, months or figures written as text repeat themselves.
        self.known: list[dict[tuple[type, Any], Any]] = [{(str, ""): None} for _field in self.present]
        self.marks: list[tuple[int, str]] = []  # (place, what `t` is there in full)
        self.emptied: list[str] = []  # by the row that was read last
        self.cleaned = self.unread_errors = 0
        self.unread = _unread(match)
        self.doubles = [(match.columns[name], at) for name, others in match.twice.items() for at in others]
        self.width = match.width
        self.widest = max(*self.indices, *self.unread, *itertools.chain(*self.doubles), 0) + 1
        self.pick_unread = _picker(self.unread) if self.unread else None
        self.shares = [Shares(place) for place in self._places(lambda field: field.kind is Kind.PERCENT)]
        self.is_own = "row_version" in match.columns
        self.dates, self.figures = judges(() if sheet.is_text else self.present)
        self.mixed = Rows(self.present)

    def _places(self, is_meant: Callable[[Field], bool]) -> list[int]:
        return [place for place, field in enumerate(self.present) if is_meant(field)]

    def look_through(self, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """How each column of figures writes decimals, from all its texts: `1.234` alone doesn't say. And whether the
        sheet writes `t` and `f` for true and false."""
        flags = self._places(lambda field: field.kind is Kind.FLAG or field.is_mark)
        if not (self.sheet.is_text or self.sheet.is_held):  # a workbook has TRUE and FALSE of its own
            marks = [place for place in flags if self.present[place].is_mark]
            if marks and self.sheet.again is not None:
                self._look_at_flags(self.sheet.again(), marks)
            return rows
        held = list(rows)
        for place, field in enumerate(self.present if self.sheet.is_text else ()):
            if field.kind in NUMERIC | {Kind.PERCENT, Kind.INTEGER}:
                at = self.indices[place]
                signs = decimal_signs_of(cells[at] for cells in held if at < len(cells))
                sign = BOTH_SIGNS if len(signs) > 1 else "".join(signs)
                self.present[place] = replace(field, decimal_sign=sign)
        self._look_at_flags(held, flags)
        return iter(held)

    def _look_at_flags(self, rows: Iterable[Sequence[Any]], flags: Sequence[int]) -> None:
        said: dict[int, set[str]] = {place: set() for place in flags}
        for cells in rows:
            for place, words in said.items():
                at = self.indices[place]
                if at < len(cells) and isinstance(cells[at], str):
                    words.add(cells[at].strip().lower())
        is_boolean = any("f" in words for words in said.values())
        for place, words in said.items():
            means = False if words & YES_OR_NO else True if is_boolean else None
            field = self.present[place] = replace(self.present[place], letter_t=means)
            if field.is_mark and means is not None:
                self.marks.append((place, "ya" if means else "tidak"))

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
        for place, word in self.marks:
            if values[place] in LETTER_T:
                values[place] = word
        for place in self.required:
            if values[place] in BLANK and says_nothing(picked[place]):
                bad = True
                self._problem(row_number, place, "", CellProblem("required"))
        for share in self.shares:
            share.look_at(row_number, picked[share.place], values[share.place])
        self.mixed.look_at(row_number, picked)
        return values, bad

    def is_too_long(self, row_number: int, cells: Sequence[Any]) -> bool:
        """Whether something stands beyond the headings: a figure was cut at a comma, or the row is shifted."""
        if len(cells) <= self.width:
            return False
        beyond = next((at for at in range(self.width, len(cells)) if not says_nothing(cells[at])), None)
        if beyond is None:
            return False
        column, found = self.sheet.first_column + beyond, cells[beyond]
        self.problems.add(self.sheet.name, row_number, column, "", found, CellProblem("beyond_headings"))
        return True

    def compare_doubles(self, row_number: int, cells: Sequence[Any]) -> None:
        """Raises FileRefused where columns with one heading say different things: which is meant is not for us to
        say."""
        if self.doubles and (pair := first_difference(cells, self.doubles, shown)):
            letters = [column_letters(self.sheet.first_column + at) for at in pair]
            first, other = (shown(cells[at]).strip()[:40] or "–" for at in pair)
            raise FileRefused(
                "columns_contradict",
                heading=str(self.texts[pair[0]])[:80],
                columns=", ".join(letters),
                row=row_number,
                first=first,
                other=other,
            )

    def _odd(self, work: "Work", values: list[Any]) -> list[int]:
        """The places that need the long way; texts are trimmed, and cells that were read before are filled in."""
        odd = [place for place in work.figures if not -LIMIT <= values[place] <= LIMIT]
        for place, limit, is_code in work.texts:
            cell = values[place] = self._clean(values[place])
            if len(cell) > limit or (is_code and _is_odd_code(cell)) or _is_word(cell):
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
        if self.sheet.days_ahead and self.present[place].kind is Kind.DATE and isinstance(cell, int | float):
            cell += self.sheet.days_ahead
        is_unclear = self._is_unclear(row_number, place, cell)
        try:
            value = values[place] = value_of(self.present[place], cell)
        except CellProblem as problem:
            values[place] = None
            self._problem(row_number, place, cell, problem)
            return False
        if (warning := warning_of(self.present[place], value)) is not None:
            self._problem(row_number, place, cell, warning, is_warning=True)
        elif not is_unclear and len(self.known[place]) < KNOWN_CELLS:
            self.known[place][cell.__class__, cell] = value
        return True

    def _is_unclear(self, row_number: int, place: int, cell: Any) -> bool:
        """Whether what the cell means depends on the others of its sheet."""
        field = self.present[place]
        if field.kind in {Kind.DATE, Kind.MONTH}:
            return self.dates.look_at(row_number, place, cell)
        if place in self.figures and isinstance(cell, str) and not field.decimal_sign:
            return self.figures[place].look_at(row_number, place, cell)
        return False

    def _clean(self, cell: str) -> str:
        """Without what nobody sees: blanks of other widths, marks between letters, ends of lines, the apostrophe that
        an export put in front of a minus."""
        if cell.isascii() and "\n" not in cell and "\r" not in cell:
            return meant_text(cell.strip())
        plain = " ".join(cell.translate(INVISIBLE).split())
        self.cleaned += any(ord(letter) in INVISIBLE for letter in cell)
        return meant_text(plain)

    def tell(self, left_out: Counter[str], outside: Iterable[dict[str, Any]] = ()) -> None:
        """What is known of the sheet at its end; `left_out` counts the rows by the note that says why, `outside` are
        notes on those that are none of the table."""
        counts = (
            *left_out.items(),
            ("cleaned", self.cleaned),
            ("errors_not_read", self.unread_errors),
        )
        name = {"sheet": self.sheet.name}
        self.problems.notes += [note(code, count=found) | name for code, found in counts if found]
        self.problems.notes += [each | name for each in outside]
        shares = () if self.is_own else self.shares  # our own workbooks say that they want percentages
        late = itertools.chain(self.dates.late(), *(each.late() for each in (*self.figures.values(), *shares)))
        for (row, place, cell), problem in late:
            self._problem(row, place, cell, problem)
            self.problems.late.append((self.sheet.name, row))
        if rows := self.mixed.unclear:
            count = {"count": len(rows), "row": rows[0]}
            self.problems.alarms.append(note("shares_beside_percentages", **count) | name)
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
        if is_total(cells, lacks=lacks):
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


def _picker(places: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
    """The cells at these places, always as a tuple."""
    only = places[0]
    return itemgetter(*places) if len(places) > 1 else lambda cells: (cells[only],)


def _unread(match: headings.Match) -> list[int]:
    """The columns with a heading that feed no field, those that number the rows aside."""
    read = set(match.columns.values())
    names = {at: headings.normal(text) for at, text in enumerate(match.texts) if at not in read}
    return [at for at, name in names.items() if name and name not in RUNNING_NUMBERS]


def is_clear(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) < 2 * len(CLEAR) and cell.strip(AROUND_A_WORD).upper() == CLEAR


def _is_odd_code(cell: str) -> bool:
    """Whether the code may have blanks in it, be rounded, or be set as text by a sign in front."""
    return " " in cell or "+" in cell or cell[:1] in SIGNS_OF_TEXTS


def _is_word(cell: str) -> bool:
    """Whether the text may be one that isn't meant as such: it empties, says nothing, or is an error."""
    return cell[:1] in SIGNS_OF_ERRORS or (len(cell) <= LONGEST_WORD and cell.lower() in WORDS)


# Soft hyphens, zero-width marks, byte-order marks, direction marks; blanks that don't break become plain ones.
INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF]) | {0xA0: " ", 0x202F: " "}
LETTER_T = frozenset({"t", "T"})
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
