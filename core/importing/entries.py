"""Lists of some thousand rows, compared and taken over through the models; the base of most datasets."""

import dataclasses
from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.importing.datasets import (
    MAX_PROBLEMS,
    Counts,
    Dataset,
    ExampleRow,
    ImportScope,
    Problem,
    Review,
    mark_bad,
    refused_count,
    staged_rows,
)
from core.numbers import format_number

EXAMPLES = 200


@dataclass
class Entry:
    """One row of the list, placed: `key` says what it is about, `values` what it says of it."""

    key: Any
    name: str
    values: dict[str, Any]
    part: int
    row: int
    source: dict[str, Any] = dataclasses.field(default_factory=dict)  # the staged row, where writing needs more of it


@dataclass
class Compared:
    new: list[Entry]
    changed: list[tuple[Entry, Any]]
    unchanged: int


class Remarks:
    """Collects what is wrong while rows are placed."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, row: dict[str, Any], field: str, code: str, /, **params: Any) -> None:
        self._add(row, field, code, params, is_warning=False)

    def warn(self, row: dict[str, Any], field: str, code: str, /, **params: Any) -> None:
        self._add(row, field, code, params, is_warning=True)

    def _add(self, row: dict[str, Any], field: str, code: str, params: dict[str, Any], *, is_warning: bool) -> None:
        found = row.get(field)
        shown = "" if found is None else str(found)[:120]
        self.problems.append(Problem(row["sheet_no"], row["row_no"], field, shown, code, params, is_warning))


class EntryDataset(Dataset):
    """A subclass places rows, finds what is there, and writes; comparing, counting and refusing are done here."""

    @abstractmethod
    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        """Entries of the rows that can be placed; a row that cannot is refused with a remark."""

    @abstractmethod
    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, Any]:
        """What the portal holds already, by key."""

    @abstractmethod
    def write(self, new: list[Entry], changed: list[tuple[Entry, Any]], scope: ImportScope) -> None:
        """Write in the caller's transaction."""

    def said_by(self, held: Any, values: dict[str, Any]) -> dict[str, Any]:
        """What the portal holds, in the terms of an entry's values."""
        return {name: getattr(held, name) for name in values}

    def review(self, table: str, scope: ImportScope) -> Review:
        remarks = Remarks()
        compared = self._compare(table, scope, remarks)
        mark_bad(table, [(item.part, item.row) for item in remarks.problems if not item.is_warning])
        counts = Counts(len(compared.new), len(compared.changed), compared.unchanged, 0, refused_count(table))
        return Review(counts, remarks.problems[:MAX_PROBLEMS], len(remarks.problems), self._examples(compared))

    def apply(self, table: str, scope: ImportScope) -> Counts:
        compared = self._compare(table, scope, Remarks())
        self.write(compared.new, compared.changed, scope)
        return Counts(len(compared.new), len(compared.changed), compared.unchanged, 0, refused_count(table))

    def _compare(self, table: str, scope: ImportScope, remarks: Remarks) -> Compared:
        entries = self._once(self.place(list(staged_rows(table)), scope, remarks), remarks)
        held = self.current(entries, scope)
        compared = Compared([], [], 0)
        for entry in entries:
            there = held.get(entry.key)
            if there is None:
                compared.new.append(entry)
            elif self.said_by(there, entry.values) == entry.values:
                compared.unchanged += 1
            else:
                compared.changed.append((entry, there))
        return compared

    def _once(self, entries: list[Entry], remarks: Remarks) -> list[Entry]:
        """The first row of each key; a later one that says something else is refused, one that says the same is not."""
        first: dict[Any, Entry] = {}
        for entry in entries:
            known = first.setdefault(entry.key, entry)
            if known is not entry and known.values != entry.values:
                place = {"sheet_no": entry.part, "row_no": entry.row}
                remarks.refuse(place, "", "said_twice", name=entry.name, row=known.row)
        return list(first.values())

    def _examples(self, compared: Compared) -> list[ExampleRow]:
        found = [ExampleRow("new", entry.name) for entry in compared.new[: EXAMPLES // 2]]
        for entry, there in compared.changed[:EXAMPLES]:
            before = self.said_by(there, entry.values)
            names = [name for name, value in entry.values.items() if before[name] != value]
            found.append(
                ExampleRow(
                    "changed",
                    entry.name,
                    "; ".join(_shown(before[name]) for name in names),
                    "; ".join(_shown(entry.values[name]) for name in names),
                )
            )
        return found


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return format_number(value) if isinstance(value, Decimal) else str(value)[:160]
