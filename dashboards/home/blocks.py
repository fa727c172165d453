"""A block of a first page: what it counts, the first rows of it, and words where there is nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Count, Model, Window
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.db.models import QuerySet

SHOWN = 5
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class BlockLine:
    """`tone` is the colour of `mark`, as the class of a state names it: bad, warn, ok, quiet."""

    title: str
    detail: str
    url: str
    mark: str = ""
    tone: str = "quiet"


@dataclass(frozen=True)
class HomeBlock:
    """`count` is of all rows, and `more_url` the list that shows exactly these; a block without a list has none."""

    name: str | Promise
    icon: str
    empty: str | Promise
    lines: list[BlockLine]
    count: int
    more_url: str = ""
    note: str | Promise = ""
    shows_count: bool = True

    @property
    def left(self) -> int:
        """How many are not shown, where no list shows them."""
        return 0 if self.more_url else self.count - len(self.lines)


def first_rows(rows: "QuerySet[Row]", line: Callable[[Row], BlockLine]) -> tuple[list[BlockLine], int]:
    """The first of the rows as lines, and how many there are, in one query."""
    found: list[Any] = list(rows.annotate(rows_in_all=Window(Count("pk")))[:SHOWN])
    return [line(row) for row in found], (found[0].rows_in_all if found else 0)


def some_of(rows: Iterable[BlockLine]) -> tuple[list[BlockLine], int]:
    """The same of lines that are there already."""
    found = list(rows)
    return found[:SHOWN], len(found)
