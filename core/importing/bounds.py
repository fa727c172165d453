"""Where the table of a sheet begins and ends: headings that come again on each page, signatures and notes below it, and
a second table, which is told and never guessed at. Pure.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from core.importing import headings
from core.importing.cells import says_nothing
from core.importing.fields import Kind, Shape
from core.importing.workbooks import FileRefused, Sheet, note

MOST_FILLED = 4  # cells of a row that holds a signature or a note
MOST_UPPER = 2  # rows of headings above the lowest
DIGITS = frozenset("0123456789")
FIGURES = {Kind.NUMBER, Kind.RUPIAH, Kind.PERCENT, Kind.INTEGER}
_FIGURE = re.compile(r"(?:rp\.? ?)?[-(]?\d[\d.,]{0,20}\)? ?%?", re.IGNORECASE)
_OFFICES = (
    r"kepala|sekretaris|(?:kuasa )?pengguna (?:anggaran|barang)|kpa|pa|ppk|pptk|ppk-skpd|bendahara|pejabat|direktur"
    r"|inspektur|gubernur|pembina|penata|koordinator|ketua|verifikator|operator"
)
# How the lines below a table begin: who has seen and signed it, when, and what is to be said of its figures.
_BELOW = re.compile(
    r"(?:mengetahui|menyetujui|mengesahkan|disetujui|disahkan|diketahui|diperiksa|disusun|dibuat|tembusan|catatan"
    r"|keterangan|sumber|note|nb|n\.b|halaman|hal\.|page|dicetak|printed|tanggal cetak)\b"
    rf"|(?:an\.|a\.n\.?|u\.b\.?|plt\.?|plh\.?|pj\.?)? ?(?:{_OFFICES})\b"
    r"|nip\b[ .:]*\d*|\*+\)?"
    r"|[a-z .]+, *(?:tgl\.? *|tanggal *)?(?:\d{1,2}|[.…_ ]+) *(?:[a-z]+|[-/.]\d{1,2}[-/.]) *20\d\d$",
    re.IGNORECASE,
)
Row = tuple[int, Sequence[Any], Sequence[Any]]  # number, its cells, those of the fields


class Bounds:
    """Of the rows below the headings those that belong to the list.

    Nearly every row begins with a code: the others are looked at.
    """

    def __init__(
        self, sheet: Sheet, match: headings.Match, head: Sequence[Sequence[Any]], names: Collection[str]
    ) -> None:
        self.sheet, self.match, self.names = sheet, match, names
        present = [field for field in match.shape.fields if field.name in match.columns]
        self.figures = [place for place, field in enumerate(present) if field.kind in FIGURES]
        self.whole = _told_by(match.shape, {field.name: place for place, field in enumerate(present)})
        self.probe = min((place for place, field in enumerate(present) if field.required), default=0)
        upper = head[max(match.row - MOST_UPPER, 0) : match.row + 1]
        self.heading_rows = {texts for row in upper if len(texts := _texts(row)) > 1}
        self.left_out: dict[str, int] = {}
        self.below: tuple[int, str] | None = None  # the first row of what stands below the table

    def inside(self, rows: Iterator[Row]) -> Iterator[Row]:
        held: list[Row] = []  # rows behind a signature: names and titles, if no row of the list follows
        probe = self.probe
        for row in rows:
            cell = row[2][probe]
            if cell.__class__ is str and cell[:1] not in DIGITS and (why := self._why_outside(row, bool(held))):
                if why == "held":
                    held.append(row)
                else:
                    self._leave_out(why, row)
                    held += [row] if why == "below_table" and not held else []
                continue
            yield from held[1:]
            held = []
            yield row
        for row in held[1:]:
            self._leave_out("below_table", row)

    def _why_outside(self, row: Row, is_below: bool) -> str:
        """The note of a row that is none of the list; "held" where it depends on what follows."""
        number, cells, picked = row
        texts = _texts(cells)
        if self._is_heading(texts):
            if texts in self.heading_rows or self._says_the_same(cells):
                return "headings_again"
            raise FileRefused("second_table", sheet=self.sheet.name[:60], row=number, names=_shown(texts))
        filled = [text for text in texts if text]
        if len(filled) > MOST_FILLED or self._is_whole(picked) or self._has_figure(picked):
            return ""
        if any(map(_BELOW.match, filled)):
            return "below_table"
        return "held" if is_below else ""

    def _is_heading(self, texts: Sequence[str]) -> bool:
        filled = [headings.normal(text) for text in texts if text]
        known = sum(name in self.names for name in filled)
        return texts in self.heading_rows or (known > 1 and 3 * known >= 2 * len(filled))

    def _says_the_same(self, cells: Sequence[Any]) -> bool:
        """Whether each column that is read has the heading that it has at the top."""
        return all(
            at < len(cells) and headings.normal(cells[at]) == headings.normal(self.match.texts[at])
            for at in self.match.columns.values()
        )

    def _is_whole(self, picked: Sequence[Any]) -> bool:
        """Whether it has all that a row of this kind of list is known by."""
        return all(any(not says_nothing(picked[place]) for place in places) for places in self.whole)

    def _has_figure(self, picked: Sequence[Any]) -> bool:
        return any(
            not says_nothing(picked[place])
            and (not isinstance(picked[place], str) or _FIGURE.fullmatch(picked[place].strip()))
            for place in self.figures
        )

    def _leave_out(self, why: str, row: Row) -> None:
        self.left_out[why] = self.left_out.get(why, 0) + 1
        if why == "below_table" and self.below is None:
            self.below = row[0], next(text for text in _texts(row[1]) if text)[:60]

    def notes(self) -> list[dict[str, Any]]:
        """What is said of the rows that were left out."""
        found = []
        if count := self.left_out.get("headings_again"):
            found.append(note("headings_again", count=count))
        if self.below is not None:
            row, text = self.below
            found.append(note("below_table", count=self.left_out["below_table"], row=row, text=text))
        return found


def refuse_other_tables(
    sheet: Sheet, match: headings.Match, head: Sequence[Sequence[Any]], shapes: Sequence[Shape]
) -> None:
    """Raises FileRefused where another table stands above the list, or beside it behind a blank column."""

    def is_list(cells: Sequence[Any]) -> bool:
        return any(headings.is_list(cells, known) for known in kinds)

    kinds = [headings.Known(shape) for shape in shapes]
    for index in range(match.row):
        between = head[index + 1 : match.row]
        if is_list(head[index]) and any(_begins_with_digit(cells) for cells in between):
            raise FileRefused(
                "second_table",
                sheet=sheet.name[:60],
                row=sheet.first_row + match.row,
                names=_shown(_texts(match.texts)),
            )
    parts = _parted(match.texts)
    if len(parts) > 1 and sum(map(is_list, parts)) > 1:
        raise FileRefused("tables_beside", sheet=sheet.name[:60], row=sheet.first_row + match.row)


def rows_above(sheet: Sheet, match: headings.Match, head: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """The alarm that rows with all that the list needs stand above its headings, where they are not read."""
    needed = list(itertools.chain(*_told_by(match.shape, match.columns)))

    def is_whole(cells: Sequence[Any]) -> bool:
        return all(at < len(cells) and not says_nothing(cells[at]) for at in needed)

    above = enumerate(head[: match.row], start=sheet.first_row)
    found = [row for row, cells in above if len(needed) > 1 and _begins_with_digit(cells) and is_whole(cells)]
    return [note("rows_above", count=len(found), row=found[0])] if found else []


def _told_by(shape: Shape, places: Mapping[str, int]) -> list[list[int]]:
    """The places of what a row of this kind of list is known by, any of each."""
    groups = [field.name for field in shape.fields if field.required]
    groups += [*shape.recognised_by, *("|".join(group) for group in shape.either)]
    found = ([places[name] for name in group.split("|") if name in places] for group in dict.fromkeys(groups))
    return [group for group in found if group]


def all_names(shapes: Sequence[Shape]) -> set[str]:
    return {headings.normal(name) for shape in shapes for field in shape.fields for name in field.headings}


def _parted(cells: Sequence[Any]) -> list[list[Any]]:
    """The headings, parted where a column has none."""
    parts: list[list[Any]] = [[]]
    for cell in cells:
        if headings.normal(cell):
            parts[-1].append(cell)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _begins_with_digit(cells: Sequence[Any]) -> bool:
    first = next((cell for cell in cells if not says_nothing(cell)), "")
    return not isinstance(first, str) or first.strip()[:1] in DIGITS


def _texts(cells: Sequence[Any]) -> tuple[str, ...]:
    """Without the blank ones at the end; figures are texts as well."""
    texts = [str(cell).strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _shown(texts: Sequence[str]) -> str:
    return ", ".join([text for text in texts if text][:6])[:120]
