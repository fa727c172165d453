"""What a sheet's columns say as a whole, known only at its end: how it writes dates, figures and percentages. Pure.

A cell that can be read in two ways was read in the usual one; where other cells show that the sheet has the other one,
it is refused after all.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.importing.cell_details import Percent
from core.importing.cells import CellProblem, ambiguous, is_said_as_percent, parts_of_day, share_or_percentage
from core.importing.fields import Field, Kind
from core.numbers import ONE_SIGN_THREE_DIGITS, decimal_signs_of, decimals_of

MONTHS_OF_A_YEAR = 12
Unclear = tuple[int, int, Any]  # row number, place of the field, the cell
Late = tuple[Unclear, CellProblem]


@dataclass
class Dates:
    """3/25/2026 shows that the sheet has the month in front; then 3/4/2026 is no third of April.

    A spreadsheet set to the other order makes dates of such texts and leaves as text what has no such month: a sheet
    with both is torn in two, and its true dates have day and month exchanged.
    """

    month_first: str = ""  # an example
    day_first: str = ""
    texts: list[Unclear] = field(default_factory=list)
    typed: list[Unclear] = field(default_factory=list)  # dates of a workbook whose day may be a month
    has_late_day: bool = False  # among the dates of a workbook

    def look_at(self, row: int, place: int, cell: Any) -> bool:
        """Whether the cell is unclear by itself."""
        if isinstance(cell, dt.date | dt.datetime):
            is_unclear = cell.day <= MONTHS_OF_A_YEAR and cell.day != cell.month
            self.has_late_day |= cell.day > MONTHS_OF_A_YEAR
            self.typed += [(row, place, cell)] if is_unclear else []
            return is_unclear
        parts = parts_of_day(cell)
        if parts is None or parts[0] == parts[1]:
            return False
        first, second = parts
        if max(parts) <= MONTHS_OF_A_YEAR:
            self.texts.append((row, place, cell))
            return True
        if first <= MONTHS_OF_A_YEAR:
            self.month_first = self.month_first or str(cell)
        elif second <= MONTHS_OF_A_YEAR:
            self.day_first = self.day_first or str(cell)
        return False

    def late(self) -> Iterator[Late]:
        if self.month_first:
            for unclear in (*self.texts, *self.typed):
                yield unclear, CellProblem("month_may_be_first", other=self.month_first)
        elif self.day_first and not self.texts and not self.has_late_day:
            for unclear in self.typed:
                yield unclear, CellProblem("date_may_be_turned", other=self.day_first)


@dataclass
class Figures:
    """Texts of a column of figures in a sheet whose other cells may be numbers: 2.500 beside 1,234.50 is two and a
    half."""

    signs: set[str] = field(default_factory=set)
    unclear: list[Unclear] = field(default_factory=list)

    def look_at(self, row: int, place: int, cell: str) -> bool:
        if ONE_SIGN_THREE_DIGITS.fullmatch(cell):
            self.unclear.append((row, place, cell))
            return True
        self.signs |= decimal_signs_of([cell])
        return False

    def late(self) -> Iterator[Late]:
        """They were read as thousands, as people here write them."""
        for row, place, cell in self.unclear if "." in self.signs else ():
            yield (row, place, cell), ambiguous(cell)


class Shares:
    """A column of percentages, none of which is more than 1, holds shares perhaps: 0.7 for 70 %. Where others are more,
    0.25 is either, unless those are written with as many decimals: 30.50 beside 0.25. What is said with a percent sign
    says nothing of the others."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.largest = Decimal(0)
        self.decimals = 0  # of the figures that are more than 1, as they are written
        self.small: list[tuple[Unclear, Decimal]] = []

    def look_at(self, row: int, cell: Any, value: Any) -> None:
        if not value or is_said_as_percent(cell):
            return
        figure = value if isinstance(value, Decimal) else Decimal(str(value)).normalize()
        self.largest = max(self.largest, figure)
        if figure > 1:
            self.decimals = max(self.decimals, -int(figure.as_tuple().exponent))
        else:
            self.small.append(((row, self.place, cell), figure))

    @property
    def is_unclear(self) -> bool:
        return 0 < self.largest <= 1

    def late(self) -> Iterator[Late]:
        """Beside figures that are more than 1 those that may be shares, and then each 1."""
        if self.largest > 1 and any(decimals_of(figure) > self.decimals for _unclear, figure in self.small):
            for unclear, figure in self.small:
                if figure == 1 or decimals_of(figure) > self.decimals:
                    yield unclear, share_or_percentage(figure)


class Rows:
    """Figures of one row, some of them formatted as percent and the others no more than 1: 10.5 % beside 0.2."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.places = [place for place, each in enumerate(fields) if each.kind is Kind.NUMBER]
        self.unclear: list[int] = []

    def look_at(self, row: int, cells: Sequence[Any]) -> None:
        found = [cells[place] for place in self.places]
        if not any(isinstance(cell, Percent) for cell in found):
            return
        numbers = (cell for cell in found if isinstance(cell, int | float | Decimal) and not isinstance(cell, Percent))
        others = [abs(float(cell)) for cell in numbers if cell]
        if others and max(others) <= 1:
            self.unclear.append(row)


def judges(fields: Sequence[Field]) -> tuple[Dates, dict[int, Figures]]:
    """For a sheet with these fields: of its dates, and of each of its columns of figures."""
    figures = {place: Figures() for place, each in enumerate(fields) if each.kind in {Kind.NUMBER, Kind.RUPIAH}}
    return Dates(), figures


def first_difference(
    cells: Sequence[Any], pairs: Sequence[tuple[int, int]], shown: Callable[[Any], str]
) -> tuple[int, int] | None:
    """Of columns with one heading the first two that say different things in a row; a blank one beside it says none."""
    for first, other in pairs:
        said = shown(cells[other]).strip()
        if said and said != shown(cells[first]).strip():
            return first, other
    return None
