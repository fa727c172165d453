"""Which row holds the headings, which kind of list it is, and which heading feeds which field. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from core.importing.fields import Field, Kind, Shape
from core.importing.heading_groups import Groups

ROWS_SEARCHED = 30
FIGURES = {Kind.NUMBER, Kind.RUPIAH, Kind.PERCENT, Kind.INTEGER}


def normal(heading: Any) -> str:
    """`Kode SBL *` and `kode_sbl` are the same heading, and so are `Pagu (Rp)` and `pagu`."""
    return _normal(str(heading))


@lru_cache(maxsize=20_000)  # the headings of all kinds of list are asked for each row that may hold the headings
def _normal(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", re.sub(r"\((rp|rupiah)\.?\)", "", heading.lower()))


@dataclass(frozen=True)
class Match:
    """`columns` is field → index of the column; `row` the index of the heading row, `texts` what it says.

    `twice`: field → the other columns with the same heading. `chosen`: what stands above the columns that were taken
    from several of one name; `of_span`: headings of columns that are of a month by itself.
    """

    shape: Shape
    row: int
    texts: Sequence[Any]
    columns: dict[str, int]
    unused: list[str] = field(default_factory=list)
    twice: dict[str, list[int]] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    of_span: list[str] = field(default_factory=list)
    width: int = 0  # up to the last heading, the blank ones behind it not counted

    @property
    def missing(self) -> list[str]:
        lacking = [item.name for item in self.shape.fields if item.required and item.name not in self.columns]
        return lacking + [group[0] for group in self.shape.either if not self.columns.keys() & set(group)]


class HeadingRow:
    """A row that may hold the headings, looked at once for all kinds of list; `groups` stands above each of them."""

    def __init__(self, cells: Sequence[Any], groups: Sequence[str] = ()) -> None:
        self.cells, self.groups = cells, groups
        self.plain = _places(cells)
        self.by_year: dict[int, tuple[Groups, dict[str, list[int]]]] = {}

    def in_groups(self, year: int) -> tuple[Groups, dict[str, list[int]]]:
        """What the groups mean in a list of that year, and where each heading stands with its group's name."""
        if year not in self.by_year:
            above = Groups.of(self.groups, year)
            self.by_year[year] = above, _in_groups(self.cells, self.groups, above)
        return self.by_year[year]

    @property
    def width(self) -> int:
        """Up to the last heading, the blank ones behind it not counted."""
        ends = [at + 1 for at, cell in enumerate(self.cells) if str(cell).strip()]
        ends += [at + 1 for at in range(1, len(self.groups)) if self.groups[at] != self.groups[at - 1]]
        return max(ends, default=0)


class Known:
    """A kind of list by its headings; `wanted` (field → heading) overrules the known ones."""

    def __init__(self, shape: Shape, wanted: Mapping[str, str] | None = None) -> None:
        given = wanted or {}
        self.shape = shape
        self.fields = [
            (item, [normal(name) for name in ([given[item.name]] if item.name in given else item.headings)])
            for item in shape.fields
        ]
        self.names = {name for _item, names in self.fields for name in names}


def match_row(heads: HeadingRow, row: int, known: Known) -> Match:
    """How this row serves as headings of the kind of list."""
    cells, shape = heads.cells, known.shape
    if known.names.isdisjoint(heads.plain):
        return Match(shape, row, cells, {})
    above, _joined = heads.in_groups(shape.year)
    columns: dict[str, int] = {}
    twice: dict[str, list[int]] = {}
    chosen: list[str] = []
    for item, names in known.fields:
        every, found = _columns_of(item, names, heads, shape.year)
        if not found:
            continue
        columns[item.name] = found[0]
        if len(found) > 1:
            twice[item.name] = found[1:]
        elif len(every) > 1 and above.text(found[0]):
            chosen.append(above.text(found[0]))
    used = set(columns.values())
    unused = [str(cell) for index, cell in enumerate(cells) if index not in used and normal(cell)]
    figures = {item.name for item in shape.fields if item.kind in FIGURES}
    of_span = [str(cells[at]) for name, at in columns.items() if name in figures and above.is_of_span_only(at)]
    return Match(shape, row, cells, columns, unused, twice, list(dict.fromkeys(chosen)), of_span, heads.width)


def _columns_of(item: Field, names: Iterable[str], heads: HeadingRow, year: int) -> tuple[list[int], list[int]]:
    """The columns with the first of the field's names that the row has, and those of them that the list is about."""
    above, joined = heads.in_groups(year)
    for name in names:
        every = [at for at in heads.plain.get(name, []) if _takes(item, heads.cells[at])]
        if found := above.meant(every) or joined.get(name, []):
            return every, found
    return [], []


def _takes(item: Field, heading: Any) -> bool:
    """Whether the unit that the heading names in brackets can be the field's: `Realisasi (%)` is no amount."""
    unit = str(heading).lower().rpartition("(")[2] if "(" in str(heading) else ""
    if item.kind is Kind.RUPIAH:
        return "%" not in str(heading) and "persen" not in unit
    return item.kind is not Kind.PERCENT or not unit.startswith(("rp", "rupiah"))


def _in_groups(cells: Sequence[Any], groups: Sequence[str], above: Groups) -> dict[str, list[int]]:
    """Where each heading stands with the name of its group before or behind it: “Keuangan” over “Realisasi” is
    `realisasi_keuangan`. What stands before a change of the budget is `…_murni`, whatever its group is called."""
    found: dict[str, list[int]] = {}
    for index, (group, cell) in enumerate(zip(groups, cells, strict=False)):
        if normal(group) and normal(cell) and normal(group) != normal(cell):
            names = {f"{group} {cell}", f"{cell} {group}"}
            for name in map(normal, names | ({f"{cell} murni"} if above.is_before_change(index) else set())):
                found.setdefault(name, [])
                found[name] += [index] if index not in found[name] else []
    return found


def _places(cells: Sequence[Any]) -> dict[str, list[int]]:
    """Where each heading stands, without the empty ones."""
    found: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        if (name := normal(cell)) != "":
            found.setdefault(name, []).append(index)
    return found


def find(
    rows: Sequence[Sequence[Any]],
    shapes: Iterable[Shape],
    wanted: Mapping[str, str] | None = None,
    *,
    is_named: bool = False,
) -> Match | None:
    """The best fit over the first rows and all shapes; None when no shape has all that tells it from the others.

    With `is_named` a person has said which it is: then what it can't do without is enough.

    Headings may stand in two or three rows, the upper ones merged over several columns; `Match.row` is the lowest then.
    """
    best: Match | None = None
    candidates = [(index, heads) for index in range(len(rows[:ROWS_SEARCHED])) for heads in _candidates(rows, index)]
    for shape in shapes:
        known = Known(shape, wanted)
        for index, heads in candidates:
            match = match_row(heads, index, known)
            if not (is_named and match.columns and not match.missing) and not _tells(match):
                continue
            if best is None or len(match.columns) > len(best.columns):
                best = match
    return best


def _candidates(rows: Sequence[Sequence[Any]], index: int) -> list[HeadingRow]:
    """The row by itself, in the two ways in which it can be the lower of two, and as the lowest of three."""
    cells = rows[index]
    if not index:
        return [HeadingRow(cells)]
    above = rows[index - 1]
    over = _over(above, max(len(above), len(cells)))
    texts: list[Sequence[Any]] = [cells, stacked(above, cells), _lower_texts(above, cells)]
    found = [HeadingRow(each, over) for each in texts]
    if index > 1 and _count(rows[index - 2]) > 1 and _count(above) > 1:  # a single text is a title
        found += _lowest_of_three(rows[index - 2], above, cells)
    return found


def _lowest_of_three(top: Sequence[Any], middle: Sequence[Any], cells: Sequence[Any]) -> list[HeadingRow]:
    """What stands above a column is the top's text and the middle's: “Tahun 2026” over “s.d. bulan ini”."""
    width = max(len(top), len(middle), len(cells))
    texts = _lower_texts(top, _lower_texts(middle, cells))
    highest, upper = _over(top, width), _over_within(top, middle, width)
    over = [" ".join(dict.fromkeys(filter(None, pair))) for pair in zip(highest, upper, strict=True)]
    return [HeadingRow(each, over) for each in (texts, stacked(over, texts))]


def _over_within(top: Sequence[Any], middle: Sequence[Any], width: int) -> list[str]:
    """What the middle row says above each column; a group of the top row ends it."""
    over, last = [], ""
    for at in range(width):
        last = _text(middle, at) or ("" if _text(top, at) else last)
        over.append(last)
    return over


def _count(cells: Sequence[Any]) -> int:
    return sum(bool(str(cell).strip()) for cell in cells)


def is_list(cells: Sequence[Any], known: Known) -> bool:
    """Whether the row by itself heads a list of this kind."""
    match = match_row(HeadingRow(cells), 0, known)
    return _tells(match) and not match.missing


def _tells(match: Match) -> bool:
    """Whether the row has what tells its kind of list from the others."""
    if not match.columns:
        return False
    said = {normal(text) for text in match.texts}
    if said & {normal(heading) for heading in match.shape.foreign}:
        return False
    return all(match.columns.keys() & set(name.split("|")) for name in match.shape.recognised_by)


@dataclass(frozen=True)
class Near:
    """The kind of list that an unknown one comes closest to; `lacks` the headings that would make it that kind, `a / b`
    either of two; `foreign` those that only another kind has."""

    shape: str
    lacks: list[str]
    foreign: list[str]


def nearest(rows: Sequence[Sequence[Any]], shapes: Iterable[Shape]) -> Near | None:
    """By how much of what tells a kind from the others stands in a row; None where it is next to nothing."""
    best: tuple[tuple[float, int], Near] | None = None
    candidates = list(map(HeadingRow, rows[:ROWS_SEARCHED]))
    for shape in shapes:
        named = Known(shape)
        for index, heads in enumerate(candidates):
            match = match_row(heads, index, named)
            told, near = _nearness(match)
            if len(match.columns) > 1 and told > 0 and (best is None or (told, len(match.columns)) > best[0]):
                best = (told, len(match.columns)), near
    return best[1] if best else None


def _nearness(match: Match) -> tuple[float, Near]:
    """How much of what tells its kind of list from the others stands in the row, and what else there is to say."""
    shape = match.shape
    lacks = [name for name in shape.recognised_by if not match.columns.keys() & set(name.split("|"))]
    lacks += [name for name in match.missing if name not in "|".join(lacks).split("|")]
    known = {normal(heading): heading for heading in shape.foreign}
    foreign = [known[said] for cell in match.texts if (said := normal(cell)) in known]
    told = (len(shape.recognised_by) - len(lacks)) / max(len(shape.recognised_by), 1) - len(foreign)
    return told, Near(shape.name, [in_words(shape, each) for each in lacks], foreign)


def in_words(shape: Shape, name: str) -> str:
    """The first heading of the field, or of each of several."""
    headings = {field.name: field.headings[0] for field in shape.fields}
    return " / ".join(headings[each] for each in name.split("|"))


def stacked(upper: Sequence[Any], lower: Sequence[Any]) -> list[str]:
    """Two rows of headings as one: the lower text, with the upper in front where the lower stands more than once, and
    the upper alone over a blank."""
    width = max(len(upper), len(lower))
    above = [_text(upper, at) for at in range(width)]
    below = [_text(lower, at) for at in range(width)]
    over = _over(upper, width)
    texts = []
    for at in range(width):
        is_shared = bool(below[at]) and below.count(below[at]) > 1
        texts.append(f"{over[at]} {below[at]}" if is_shared else below[at] or above[at])
    return texts


def _over(upper: Sequence[Any], width: int) -> list[str]:
    """What stands above each column: a merged cell has its text in the first of its columns."""
    over, last = [], ""
    for at in range(width):
        last = _text(upper, at) or last
        over.append(last)
    return over


def _lower_texts(upper: Sequence[Any], lower: Sequence[Any]) -> list[str]:
    """The lower of two rows of headings, with the upper where the lower is blank."""
    return [_text(lower, at) or _text(upper, at) for at in range(max(len(upper), len(lower)))]


def _text(cells: Sequence[Any], at: int) -> str:
    return str(cells[at]).strip() if at < len(cells) else ""


def likely_heading_row(rows: Sequence[Sequence[Any]], shapes: Iterable[Shape] = ()) -> int:
    """For the page where columns are assigned by hand: the row with the most known headings, else the first with the
    most texts."""
    known = {normal(heading) for shape in shapes for field in shape.fields for heading in field.headings}
    first = rows[:ROWS_SEARCHED]
    counts = [
        (
            sum(normal(cell) in known for cell in cells),
            sum(isinstance(cell, str) and bool(normal(cell)) for cell in cells),
        )
        for cells in first
    ]
    return counts.index(max(counts)) if counts else 0
