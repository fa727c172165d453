"""A kind of list that the portal takes over, and what taking it over means. Each app declares its own."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from psycopg2 import sql

from core.importing.fields import Shape
from core.importing.staging import identifier
from core.sql import execute

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

MAX_PROBLEMS = 5_000


@dataclass
class Counts:
    """What taking over would do, or did. `refused` rows stay out."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: int = 0

    def as_json(self) -> dict[str, int]:
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "refused": self.refused,
        }

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.removed + other.removed,
            self.refused + other.refused,
        )


@dataclass(frozen=True)
class Problem:
    """A row, or one of its fields, that is refused (or, as a warning, only remarked on)."""

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
class Review:
    counts: Counts
    problems: list[Problem]
    problem_count: int
    examples: list[ExampleRow] = dataclasses.field(default_factory=list)


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

    @abstractmethod
    def review(self, table: str, scope: ImportScope) -> Review:
        """Compare the staged rows with what is there; marks refused rows (`bad`). Writes nothing but the stage."""

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


def mark_bad(table: str, rows: list[tuple[int, int]]) -> None:
    """Mark (sheet_no, row_no) as refused."""
    if not rows:
        return
    with connection.cursor() as cursor:
        execute(
            cursor,
            sql.SQL(
                "UPDATE {} AS s SET bad = true FROM unnest(%s::int[], %s::int[]) AS b(p, r) "
                "WHERE s.sheet_no = b.p AND s.row_no = b.r"
            ).format(identifier(table)),
            [[part for part, _row in rows], [row for _part, row in rows]],
        )


def refused_count(table: str) -> int:
    with connection.cursor() as cursor:
        execute(cursor, sql.SQL("SELECT count(*) FROM {} WHERE bad").format(identifier(table)))
        return int(cursor.fetchone()[0])
