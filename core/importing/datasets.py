"""A kind of list that the portal takes over, and what taking it over means. Each app declares its own."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from psycopg2 import sql

from core.importing.fields import Shape
from core.importing.staging import identifier
from core.numbers import format_rupiah
from core.sql import execute

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

MAX_PROBLEMS = 5_000
MOST_LOST = Decimal("0.1")  # of the money or the rows that the portal holds
MOST_GROWN = Decimal("1.5")  # times the money that the portal holds of a budget
LEAP = 100


@dataclass
class Counts:
    """What taking over would do, or did. `refused` rows stay out."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: int = 0
    emptied: int = 0  # values of changed rows
    conflicts: int = 0  # rows of which the portal holds something newer than what they were made from
    seen: str = ""  # a digest of what the portal held of the rows: what a preview showed as before

    def as_json(self) -> dict[str, int]:
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "refused": self.refused,
            "emptied": self.emptied,
            "conflicts": self.conflicts,
        }

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.removed + other.removed,
            self.refused + other.refused,
            self.emptied + other.emptied,
            self.conflicts + other.conflicts,
        )


@dataclass(frozen=True)
class Problem:
    """A row, or one of its fields, that is refused (or, as a warning, only remarked on). Where `params` name another
    `row`, `part` is the number of its sheet."""

    part: int
    row: int
    field: str
    found: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    is_warning: bool = False


@dataclass
class ExampleRow:
    """One line of the preview: what the portal holds now and what the list says."""

    kind: str  # new, changed, removed
    name: str
    before: str = ""
    after: str = ""


@dataclass
class ListedRow:
    """A row of the list, or of the portal where the list has it no more, with what taking over would do to it.

    `status`: new, changed, unchanged, vanished, conflict. `before` and `after` go by the portal's names of its columns.
    """

    status: str
    part: int
    row: int
    key: str
    before: dict[str, Any] = dataclasses.field(default_factory=dict)
    after: dict[str, Any] = dataclasses.field(default_factory=dict)
    emptied: list[str] = dataclasses.field(default_factory=list)


@dataclass
class Review:
    """`sum_before` and `sum_after` (Rp) are of the rows that the list speaks of; None where it holds no money.

    `rows` gives every row that is not refused, and every one that would vanish, with what would become of it; only
    while the stage stands.
    """

    counts: Counts
    problems: list[Problem]
    problem_count: int
    examples: list[ExampleRow] = dataclasses.field(default_factory=list)
    sum_before: Decimal | None = None
    sum_after: Decimal | None = None
    leaps: int = 0  # rows with a value that moves by a factor of LEAP or more
    more_alarms: list[tuple[str, dict[str, Any]]] = dataclasses.field(default_factory=list)  # known of its sheets
    is_older: bool = False  # it would replace a later stage
    is_budget: bool = False  # its money is fixed for the year; what is spent grows from month to month
    rows: Callable[[], Iterable[ListedRow]] = tuple

    @property
    def alarms(self) -> list[tuple[str, dict[str, Any]]]:
        """(message, its values): why taking over wants a reason."""
        counts = self.counts
        found: list[tuple[str, dict[str, Any]]] = []
        known = counts.removed + counts.changed + counts.unchanged
        if self.is_older:
            found.append(("older_stage", {}))
        if counts.removed > known * MOST_LOST:
            found.append(("many_vanish", {"count": counts.removed, "of": known}))
        if self.sum_before and self.sum_after is not None and self.sum_after < self.sum_before * (1 - MOST_LOST):
            sums = {"before": format_rupiah(self.sum_before), "after": format_rupiah(self.sum_after)}
            found.append(("much_vanishes", sums))
        if self.is_budget and self.sum_before and self.sum_after and self.sum_after > self.sum_before * MOST_GROWN:
            sums = {"before": format_rupiah(self.sum_before), "after": format_rupiah(self.sum_after)}
            found.append(("much_grows", sums))
        if self.leaps:
            found.append(("leaps", {"count": self.leaps, "factor": LEAP}))
        return found + self.more_alarms


@dataclass(frozen=True)
class ImportScope:
    """Whose list it is: the OPD (None for lists of the province), the fiscal year, who hands it in, and options."""

    agency: Any
    fiscal_year: int
    user: Any
    upload: Any = None
    options: dict[str, Any] = dataclasses.field(default_factory=dict)


class Dataset(ABC):
    """`needs_agency`: the list belongs to one OPD. `roles` may hand it in."""

    shape: Shape
    label: "StrOrPromise"
    hint: "StrOrPromise" = ""
    needs_agency = True
    roles: frozenset[Any] = frozenset()
    order = 100  # sheets of one workbook are taken over in this order
    # Kinds whose rows its own hang on, perhaps on another sheet of the workbook.
    builds_on: frozenset[str] = frozenset()
    says_nothing: tuple[str, str] | None = None  # (condition in SQL, message): rows that are left out and counted

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        """Fill in and leave out staged rows before they are compared; (message, its values) of what is to be said."""
        return []

    @abstractmethod
    def review(self, table: str, scope: ImportScope) -> Review:
        """Compare the staged rows with what is there; marks refused rows (`bad`). Writes nothing but the stage."""

    def take_back(self, scope: ImportScope) -> None:  # noqa: B027 (most kinds have nothing of their own to undo)
        """Undo what `scope.upload` wrote, where the kind keeps versions of its own; triggers keep the rest. Raises
        ValidationError."""

    @abstractmethod
    def apply(self, table: str, scope: ImportScope) -> Counts:
        """Take over every row that is not `bad`, inside the caller's transaction. The same list again changes
        nothing."""


@cache
def registry() -> dict[str, Dataset]:
    """All kinds of lists, by name, as settings.IMPORT_DATASETS names their classes."""
    found = [import_string(path)() for path in settings.IMPORT_DATASETS]
    return {dataset.shape.name: dataset for dataset in sorted(found, key=lambda item: item.order)}


def staged_rows(table: str, *, only_good: bool = True) -> Iterator[dict[str, Any]]:
    """The staged rows in the order of the file, as dictionaries."""
    condition = sql.SQL("WHERE NOT bad") if only_good else sql.SQL("")
    with connection.cursor() as cursor:
        execute(cursor, sql.SQL("SELECT * FROM {} {} ORDER BY sheet_no, row_no").format(identifier(table), condition))
        names = [column.name for column in cursor.description]
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield dict(zip(names, row, strict=True))


def refused_count(table: str) -> int:
    with connection.cursor() as cursor:
        execute(cursor, sql.SQL("SELECT count(*) FROM {} WHERE bad").format(identifier(table)))
        return int(cursor.fetchone()[0])
