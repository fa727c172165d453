"""What an office file says of its cells beside their values: percentages, formulas without a result, cells in error or
struck through, hidden rows and columns. Pure.

Calamine gives values only: 0.719 for what people see as 71,9 %, and nothing for `#N/A` or for a formula that no program
has worked out yet. `xml_details` and `binary_details` look for the rest.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

PERCENT_FORMATS = frozenset({9, 10})  # built into every workbook: 0% and 0.00%
MOST_UNRESOLVED = 10_000
MOST_COLUMNS = 16_384
LONGEST_FORMULA, SHOWN_FORMULA = 500, 60
# As Excel and LibreOffice write them, in a cell or in the text that is made of one.
_ERROR = re.compile(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|#+)|Err:[0-9]{3}")

Place = tuple[int, int]  # row and column as Excel counts them, from 1


@dataclass
class SheetDetails:
    percent: set[Place] = field(default_factory=set)
    unresolved: dict[Place, str] = field(default_factory=dict)  # formulas without a result
    errors: dict[Place, str] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)  # blank ones among them
    formulas: int = 0
    example: str = ""  # a cell with a formula
    hidden_rows: int = 0
    hidden_columns: int = 0

    @property
    def is_plain(self) -> bool:
        """Nothing has to be done to the values that calamine gives."""
        return not self.percent and not self.unresolved and not self.errors

    def add_formula(self, place: Place, formula: str, *, has_result: bool) -> None:
        self.formulas += 1
        self.example = self.example or cell_name(*place)
        if has_result:
            return
        is_much = len(formula) > LONGEST_FORMULA or len(self.unresolved) >= MOST_UNRESOLVED
        self.unresolved[place] = (
            f"{formula[:SHOWN_FORMULA]}…" if is_much else formula
        )  # what is cut can't be worked out

    def hide_columns(self, first: int, last: int) -> None:
        """Nothing is said of those that are hidden up to the sheet's edge: no list reaches that far."""
        if last < MOST_COLUMNS:
            self.hidden_columns += last - first + 1


class Percent(Decimal):
    """Stands in a cell that is formatted as percent: 71.9 for 0.719."""


@dataclass(frozen=True)
class Unresolved:
    """Stands in a cell whose formula has no result and is too much to be worked out here."""

    formula: str

    def __str__(self) -> str:
        return f"={self.formula}"


def is_error(cell: object) -> bool:
    """Whether the cell shows that its formula failed."""
    return isinstance(cell, str) and cell[:1] in {"#", "E"} and _ERROR.fullmatch(cell.strip()) is not None


def shows_percent(code: str) -> bool:
    """Whether a number format shows a percentage; `0"%"` only writes the sign behind the figure."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def column_number(letters: bytes | str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"
