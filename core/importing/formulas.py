"""What an office file shows where calamine gives its bare values: percentages, plain sums, cells in error. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from core.importing.cell_details import (
    MOST_UNRESOLVED,
    Percent,
    Place,
    SheetDetails,
    Unresolved,
    column_number,
    is_error,
)

DEEPEST = 50  # formulas that refer to formulas
WIDEST = 2_000
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_SUM = re.compile(r"SUM\(\s*\$?([A-Z]{1,3})\$?([0-9]{1,7})\s*:\s*\$?([A-Z]{1,3})\$?([0-9]{1,7})\s*\)")


def work_out(formula: str, cell: Callable[[int, int], Any]) -> Decimal | Unresolved:
    """A plain sum of figures, cells and SUM ranges of the same sheet; everything else stays unresolved."""
    try:
        value = _PlainSum(cell).of(formula)
    except (InvalidExpression, ArithmeticError, SyntaxError, TypeError, ValueError, RecursionError, KeyError):
        return Unresolved(formula)
    return value if isinstance(value, Decimal) and value.is_finite() else Unresolved(formula)


class _PlainSum:
    """Puts a name in the place of each figure of a formula, so that all reckoning is in decimals."""

    def __init__(self, cell: Callable[[int, int], Any]) -> None:
        self.cell = cell
        self.parts: list[Decimal] = []

    def of(self, formula: str) -> Any:
        """None where more stands in it than figures and signs."""
        text = _SUM.sub(self._range, formula)
        text = _CELL.sub(lambda found: self._put(self._figure(int(found[2]), column_number(found[1]))), text)
        text = re.sub(r"(?<![\w.])\d+(?:\.\d+)?", lambda found: self._put(Decimal(found[0])), text)
        if not re.fullmatch(r"[-+*/() v0-9]*", text) or not text.strip():
            return None
        names = {f"v{number}": value for number, value in enumerate(self.parts)}
        return SimpleEval(names=names, functions={}).eval(text)

    def _put(self, value: Decimal) -> str:
        self.parts.append(value)
        return f"v{len(self.parts) - 1}"

    def _figure(self, row: int, column: int) -> Decimal:
        value = self.cell(row, column)
        if not _is_figure(value):
            raise InvalidExpression(f"row {row} holds no figure")
        return Decimal(str(value))

    def _range(self, found: re.Match[str]) -> str:
        first, last = (column_number(found[1]), int(found[2])), (column_number(found[3]), int(found[4]))
        places = [(r, c) for r in range(first[1], last[1] + 1) for c in range(first[0], last[0] + 1)]
        if len(places) > MOST_UNRESOLVED:
            raise InvalidExpression("too many cells")
        values = [self.cell(*place) for place in places]
        if any(isinstance(value, Unresolved) or is_error(value) for value in values):
            raise InvalidExpression("a part has no result")
        return self._put(sum((Decimal(str(each)) for each in values if _is_figure(each)), Decimal(0)))


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


class AsSeen:
    """The rows of a sheet as people see them: percentages as written, plain sums worked out.

    `again` gives the rows from the beginning; it is asked once, when a formula refers to other cells.
    """

    def __init__(
        self, details: SheetDetails, first_row: int, first_column: int, again: Callable[[], Iterator[Sequence[Any]]]
    ) -> None:
        self.details, self.first_row, self.first_column, self.again = details, first_row, first_column, again
        self.whole: list[Sequence[Any]] = []
        self.under_way: set[Place] = set()
        self.by_row: dict[int, list[int]] = {}
        for row, column in details.percent | details.unresolved.keys() | details.errors.keys():
            self.by_row.setdefault(row, []).append(column)

    def rows(self, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        for number, cells in enumerate(rows, start=self.first_row):
            yield self._seen(number, list(cells)) if number in self.by_row else cells

    def _seen(self, number: int, cells: list[Any]) -> list[Any]:
        for column in self.by_row[number]:
            at = column - self.first_column
            if not 0 <= at < WIDEST:
                continue
            cells += [""] * (at + 1 - len(cells))
            if (number, column) in self.details.errors:
                cells[at] = self.details.errors[number, column]
            if (number, column) in self.details.unresolved:
                cells[at] = self._result_of(number, column)
            if (number, column) in self.details.percent and isinstance(cells[at], int | float | Decimal):
                cells[at] = Percent(round(Decimal(str(cells[at])) * 100, 10))
        return cells

    def _result_of(self, row: int, column: int) -> Decimal | Unresolved:
        """Of a formula that another one may refer to; one that refers to itself has none."""
        formula = self.details.unresolved[row, column]
        if (row, column) in self.under_way or len(self.under_way) > DEEPEST:
            return Unresolved(formula)
        self.under_way.add((row, column))
        try:
            return work_out(formula, self._cell)
        finally:
            self.under_way.discard((row, column))

    def _cell(self, row: int, column: int) -> Any:
        if (row, column) in self.details.unresolved:
            return self._result_of(row, column)
        if (row, column) in self.details.errors:
            return self.details.errors[row, column]
        self.whole = self.whole or list(self.again())
        at, place = row - self.first_row, column - self.first_column
        return self.whole[at][place] if 0 <= at < len(self.whole) and 0 <= place < len(self.whole[at]) else ""
