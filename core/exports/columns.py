"""What an export consists of: columns, declared once for page, CSV and XLSX, and a cell's value as a file takes it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

from core.exports.formulas import safe_text
from core.numbers import decimals_of, round_half_up
from core.periods import Period

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

FIGURES = frozenset({"number", "rupiah"})
DAYS = frozenset({"date", "moment"})

Given = ParamSpec("Given")
Written = TypeVar("Written")


@dataclass(frozen=True)
class ExportColumn:
    """`source` takes a row and gives the value, or is an SQL expression of ours, never a person's text.

    `kind` is text, number, rupiah, date or moment; `width` is in characters; `total` says that the column adds up.
    """

    label: "StrOrPromise"
    source: Callable[[Any], Any] | str
    kind: str = "text"
    width: int = 18
    total: bool = False

    @property
    def header(self) -> str:
        """A moment's says which clock: its cells are a date and a time, with which a spreadsheet can reckon."""
        return f"{self.label} ({settings.TIME_ZONE_LABEL})" if self.kind == "moment" else str(self.label)

    @property
    def sql(self) -> str:
        if not isinstance(self.source, str):
            raise TypeError(f"{self.label} is worked out in Python")
        return self.source

    def cell(self, row: Any) -> Any:
        """The value of a row as a file takes it: Decimal, date, moment, or a text that is no formula."""
        if isinstance(self.source, str):
            raise TypeError(f"{self.label} is worked out by PostgreSQL")
        value = self.source(row)
        if value is None:
            return None
        if self.kind in FIGURES:
            return plain_figure(value)
        if self.kind in DAYS and not isinstance(value, Period):
            return value
        return safe_text(value)


def plain_figure(value: Any) -> Decimal:
    """As people write it: a column of six decimals says 95.11, not 95.110000; a quotient without binary noise."""
    figure = Decimal(str(value))
    return round_half_up(figure, decimals_of(figure))


def in_house_language(write: Callable[Given, Written]) -> Callable[Given, Written]:
    """Files are handed on, handed in and compared: in the house's language, whoever fetches them in whichever."""

    @wraps(write)
    def written(*args: Given.args, **kwargs: Given.kwargs) -> Written:
        with translation.override(settings.LANGUAGE_CODE):
            return write(*args, **kwargs)

    return written


def as_cells(columns: Sequence[ExportColumn], rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of Python objects as the tuples that the writers take."""
    for row in rows:
        yield tuple(column.cell(row) for column in columns)
