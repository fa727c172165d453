"""Lists of some thousand rows, compared and taken over through the models; the base of most datasets."""

import dataclasses
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db.models import TextChoices

from core.importing.datasets import (
    LEAP,
    MAX_PROBLEMS,
    Counts,
    Dataset,
    ExampleRow,
    ImportScope,
    ListedRow,
    Problem,
    Review,
    refused_count,
    staged_rows,
)
from core.importing.fields import CLEAR
from core.importing.staging import mark_bad
from core.importing.trial import Trial
from core.importing.versions import changed_since, digest_of, row_version
from core.numbers import format_number

EXAMPLES = 200
BLANK = (None, "")
NOTHING = Decimal(0)
UNSAID = object()
SAID_AGAIN_BESIDE = "said_again_beside"  # twins that differ in what the list doesn't need
CONFLICT_ELSEWHERE = "changed_meanwhile_elsewhere"
CONFLICT = "changed_meanwhile"  # stays out, and is found again: what the portal holds may change back
CONFLICTS = {CONFLICT, CONFLICT_ELSEWHERE}


@dataclass
class Entry:
    """One row of the list, placed: `key` says what it is about, `values` what it says of it.

    A blank cell says nothing: it leaves `values` before they are compared, unless the row empties it by a word.
    """

    key: Any
    name: str
    values: dict[str, Any]
    part: int
    row: int
    source: dict[str, Any] = dataclasses.field(default_factory=dict)  # the staged row, where writing needs more of it
    emptied: frozenset[str] = frozenset()  # the values that it empties
    version: str = ""  # of the portal's row that it was made from, where the portal gave it out
    unread: str = ""  # what stands in the columns that the list doesn't need, as a digest

    @property
    def place(self) -> tuple[int, int]:
        return self.part, self.row

    @property
    def code(self) -> str:
        """What the row is about, for programs: its code where it has one."""
        return self.key if isinstance(self.key, str) else self.name


@dataclass
class Compared:
    new: list[Entry] = dataclasses.field(default_factory=list)
    changed: list[tuple[Entry, Any]] = dataclasses.field(default_factory=list)
    same: list[tuple[Entry, Any]] = dataclasses.field(default_factory=list)
    conflicts: list[tuple[Entry, Any]] = dataclasses.field(default_factory=list)
    silent: list[tuple[int, int, str]] = dataclasses.field(default_factory=list)  # rows that change nothing, their code

    def leave_out(self, places: set[tuple[int, int]]) -> None:
        """Entries that are refused after all."""
        self.new = [entry for entry in self.new if entry.place not in places]
        self.changed = [pair for pair in self.changed if pair[0].place not in places]


class Remarks:
    """Collects what is wrong while rows are placed. `lost` are the rows refused before, of a dataset that asks for
    them: what is left may say something else without them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lost: list[dict[str, Any]] = []

    def refuse(self, row: dict[str, Any], field: str, code: str, /, **params: Any) -> None:
        self._add(row, field, code, params, is_warning=False)

    def warn(self, row: dict[str, Any], field: str, code: str, /, **params: Any) -> None:
        self._add(row, field, code, params, is_warning=True)

    def refused_places(self) -> set[tuple[int, int]]:
        """The rows that are refused for good; a conflict is none of them."""
        return {(item.part, item.row) for item in self.problems if not item.is_warning and item.code not in CONFLICTS}

    def _add(self, row: dict[str, Any], field: str, code: str, params: dict[str, Any], *, is_warning: bool) -> None:
        found = row.get(field)
        shown = "" if found is None else str(found)[:120]
        self.problems.append(Problem(row["sheet_no"], row["row_no"], field, shown, code, params, is_warning))


class EntryDataset(Dataset):
    """A subclass places rows, finds what is there, and writes; comparing, counting and refusing are done here.

    `summed` names the value that is money; `versioned` the columns that a workbook of the portal gives out, in order;
    `choices` the values that are one of some. `needs_values`: a new row that says nothing beside its key is none.
    `needs_lost_rows`: `place` looks at the refused rows as well (`Remarks.lost`).
    """

    summed = ""
    needs_values = False
    needs_lost_rows = False
    contradiction = "said_twice"  # the message for rows of one key that say different things
    versioned: tuple[str, ...] = ()
    choices: Mapping[str, type[TextChoices]] = MappingProxyType({})

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

    def fields_of(self, entry: Entry, name: str) -> set[str]:
        """The columns of the list from which `entry.values[name]` comes, where they are named otherwise."""
        return {name}

    def too_late(self, entry: Entry, there: Any) -> tuple[str, str, dict[str, Any]] | None:
        """(field, message, its values) where what the row says may no longer be written; the same again always may.

        `there` is what the portal holds, None where the entry is new.
        """
        return None

    def complete_keys(self, entries: list[Entry], table: str, scope: ImportScope, remarks: Remarks) -> list[Entry]:
        """The entries without those that are only a part of what their key stands for, where rows of the list were
        refused."""
        return entries

    def doubts_of(self, compared: Compared) -> list[tuple[str, dict[str, Any]]]:
        """(message, its values): why taking over this kind of list wants a reason beside the usual ones."""
        return []

    def review(self, table: str, scope: ImportScope) -> Review:
        refusals, compared, remarks = self._settled(table, scope)
        problems = [*refusals, *remarks.problems]
        found = Review(
            replace(self._counts(compared, table), seen=self._seen(compared)),
            problems[:MAX_PROBLEMS],
            len(problems),
            self._examples(compared),
        )
        found.rows = partial(self._listed, compared)
        found.more_alarms = self.doubts_of(compared)
        found.leaps = sum(any(self._leaps(entry, there)) for entry, there in compared.changed)
        if self.summed:
            found.sum_before, found.sum_after = self._sums(compared)
        return found

    def _settled(self, table: str, scope: ImportScope) -> tuple[list[Problem], Compared, Remarks]:
        """What is refused; then the rest compared, and what is said of it. A row may stand or fall with one that is
        refused: the rest is looked at until nothing of it is, as taking it over will find it."""
        refusals: list[Problem] = []
        while True:
            remarks = Remarks()
            compared = self._compare(table, scope, remarks)
            self._try(compared, scope, remarks)
            refused = remarks.refused_places()
            if not refused:
                return refusals, compared, remarks
            mark_bad(table, sorted(refused))
            refusals += [item for item in remarks.problems if (item.part, item.row) in refused]

    def _try(self, compared: Compared, scope: ImportScope, remarks: Remarks) -> None:
        """Refuse now what would be refused when it is written."""

        def write(pairs: Sequence[tuple[Entry, Any]]) -> None:
            new = [entry for entry, there in pairs if there is None]
            self.write(new, [pair for pair in pairs if pair[1] is not None], scope)

        pairs = [*((entry, None) for entry in compared.new), *compared.changed]
        refused = list(Trial(write).refused(pairs))
        for entry, (field, code, params) in refused:
            name = min(self.fields_of(entry, field)) if field else ""
            remarks.refuse(_place_of(entry) | {name: entry.values.get(field)}, name, code, **params)
        compared.leave_out({entry.place for entry, _refusal in refused})

    def apply(self, table: str, scope: ImportScope) -> Counts:
        remarks = Remarks()
        compared = self._compare(table, scope, remarks)
        mark_bad(table, sorted(remarks.refused_places()))  # by what has changed since the preview
        emptied, seen = self._emptied(compared), self._seen(compared)
        self.write(compared.new, compared.changed, scope)
        return replace(self._counts(compared, table, emptied), seen=seen)

    def _listed(self, compared: Compared) -> Iterator[ListedRow]:
        for entry in compared.new:
            yield ListedRow("new", entry.part, entry.row, entry.code, {}, entry.values)
        groups = (("changed", compared.changed), ("unchanged", compared.same), ("conflict", compared.conflicts))
        for status, group in groups:
            for entry, there in group:
                before = self.said_by(there, entry.values)
                gone = sorted(name for name in entry.emptied if before[name] not in BLANK)
                yield ListedRow(status, entry.part, entry.row, entry.code, before, entry.values, gone)
        for part, row, code in compared.silent:
            yield ListedRow("unchanged", part, row, code)

    def _counts(self, compared: Compared, table: str, emptied: int | None = None) -> Counts:
        conflicts, refused = len(compared.conflicts), refused_count(table)
        new, changed, same = len(compared.new), len(compared.changed), len(compared.same) + len(compared.silent)
        gone = self._emptied(compared) if emptied is None else emptied
        return Counts(new, changed, same, 0, refused, gone, conflicts)

    def _seen(self, compared: Compared) -> str:
        """Of every row that says something: what the portal holds in the columns that it touches. A row that is there
        and blank is as good as none: opening a report makes such rows."""
        pairs = [*((entry, None) for entry in compared.new), *compared.changed, *compared.same, *compared.conflicts]
        said = (f"{entry.name} {self._held_by(there, entry)}" for entry, there in pairs if entry.values)
        return digest_of(sorted(said))

    def _held_by(self, there: Any, entry: Entry) -> dict[str, Any]:
        held = {} if there is None else self.said_by(there, entry.values)
        return {name: value for name, value in sorted(held.items()) if value not in BLANK}

    def _emptied(self, compared: Compared) -> int:
        """Values that go; only before they are written."""
        pairs = ((entry, there) for entry, there in compared.changed if entry.emptied)
        return sum(
            self.said_by(there, entry.values)[name] not in BLANK for entry, there in pairs for name in entry.emptied
        )

    def _sums(self, compared: Compared) -> tuple[Decimal, Decimal]:
        """The money (Rp) of the list's rows: in the portal now, and after taking over."""
        before, after = NOTHING, sum((entry.values.get(self.summed) or NOTHING for entry in compared.new), NOTHING)
        for entry, there in [*compared.changed, *compared.same, *compared.conflicts]:
            held = self.said_by(there, {self.summed: None})[self.summed] or NOTHING
            before += held
            after += entry.values.get(self.summed, held) or NOTHING
        return before, after

    def _leaps(self, entry: Entry, there: Any) -> Iterator[bool]:
        """For each figure, whether it moves by a factor of LEAP or more, or falls to zero; from zero it may only
        rise."""
        before = self.said_by(there, entry.values)
        for name, value in entry.values.items():
            held, said = self.figure_of(before[name]), self.figure_of(value)
            if held and said is not None:
                low, high = sorted(abs(Decimal(figure)) for figure in (held, said))
                yield high >= LEAP * low

    def figure_of(self, value: Any) -> Decimal | int | None:
        """The value where it is a figure."""
        return value if isinstance(value, Decimal | int) else None

    def _compare(self, table: str, scope: ImportScope, remarks: Remarks) -> Compared:
        read = list(staged_rows(table, only_good=not self.needs_lost_rows))
        rows, remarks.lost = [row for row in read if not row["bad"]], [row for row in read if row["bad"]]
        about = {(row["sheet_no"], row["row_no"]): row for row in rows}
        placed = [self._speaking(entry, about[entry.part, entry.row]) for entry in self.place(rows, scope, remarks)]
        entries = self._once(self.complete_keys(placed, table, scope, remarks), remarks)
        refused = {(item.part, item.row) for item in remarks.problems if not item.is_warning}
        entries = [entry for entry in entries if entry.place not in refused]
        held = self.current(entries, scope)
        compared = Compared(silent=_silent(rows, placed, refused | {entry.place for entry in entries}))
        for entry in entries:
            self._sort(entry, held.get(entry.key), compared, remarks)
        return compared

    def _sort(self, entry: Entry, there: Any, compared: Compared, remarks: Remarks) -> None:
        """The entry to those of its kind, by what the portal holds of it."""
        before = {} if there is None else self.said_by(there, entry.values)
        if there is not None and before == entry.values:
            compared.same.append((entry, there))
        elif (refusal := self.too_late(entry, there)) is not None:
            self._refuse(entry, before, refusal, remarks)
        elif there is None and self.needs_values and not entry.values:
            compared.silent.append((*entry.place, entry.code))
        elif there is None:
            compared.new.append(entry)
        elif self._is_newer(there, entry.version):
            compared.conflicts.append((entry, there))
            self._tell_conflict(entry, there, before, remarks)
        else:
            compared.changed.append((entry, there))

    def _is_newer(self, there: Any, version: str) -> bool:
        """Whether the portal's row was changed since the list's row was made from it."""
        return bool(version and self.versioned) and version != row_version(getattr(there, n) for n in self.versioned)

    @staticmethod
    def _refuse(
        entry: Entry, before: dict[str, Any], refusal: tuple[str, str, dict[str, Any]], remarks: Remarks
    ) -> None:
        """At the first cell that says something else, unless the refusal names one."""
        field, code, params = refusal
        field = field or next((name for name, value in entry.values.items() if before.get(name) != value), "")
        place = {"sheet_no": entry.part, "row_no": entry.row, field: entry.values.get(field)}
        remarks.refuse(place, field, code, **params)

    def _tell_conflict(self, entry: Entry, there: Any, before: dict[str, Any], remarks: Remarks) -> None:
        """At the column that was changed in the portal; where the list doesn't touch that one, at the first that it
        would change."""
        differing = [name for name, value in entry.values.items() if before[name] != value]
        meanwhile = changed_since(there, self.versioned, entry.version)
        name = next((each for each in differing if each in meanwhile), differing[0])
        place = {"sheet_no": entry.part, "row_no": entry.row, name: entry.values[name]}
        if meanwhile and name not in meanwhile:
            columns = ", ".join(meanwhile)
            remarks.refuse(place, name, CONFLICT_ELSEWHERE, columns=columns, said=_shown(entry.values[name]))
        else:
            remarks.refuse(place, name, CONFLICT, now=_shown(before[name]), said=_shown(entry.values[name]))

    def _speaking(self, entry: Entry, row: dict[str, Any]) -> Entry:
        """The entry without the values that its row leaves blank."""
        named = set((row["emptied"] or "").split(","))
        going = {name for name in entry.values if named & self.fields_of(entry, name)}
        said = {name: value for name, value in entry.values.items() if value not in BLANK or name in going}
        version, unread = row["row_version"] or "", row["unread"] or ""
        return replace(entry, values=said, emptied=frozenset(going), version=version, unread=unread)

    def _once(self, entries: list[Entry], remarks: Remarks) -> list[Entry]:
        """One entry of each key, whatever the order of the rows."""
        groups: dict[Any, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(entry.key, []).append(entry)
        joined = (group[0] if len(group) == 1 else self.joined(group, remarks) for group in groups.values())
        return [entry for entry in joined if entry is not None]

    def joined(self, group: list[Entry], remarks: Remarks) -> Entry | None:
        """Rows that say the same count once. Of those that contradict one another none counts: which of them came first
        says nothing."""
        first = group[0]
        if any(entry.values != first.values for entry in group):
            self.refuse_contradicting(group, remarks)
            return None
        for twin in group[1:]:
            if twin.place != first.place:
                code = "said_again" if twin.unread == first.unread else SAID_AGAIN_BESIDE
                remarks.warn(_place_of(twin), "", code, row=first.row, part=first.part)
        return first

    def contradiction_of(self, entry: Entry) -> str:
        """The message for a row that contradicts another one of its key."""
        return self.contradiction

    def refuse_contradicting(self, group: list[Entry], remarks: Remarks) -> None:
        """Every row, at the first of its columns in which another one says something else."""
        for entry in group:
            other = next(each for each in group if each.values != entry.values)
            names = dict.fromkeys([*entry.values, *other.values])
            name = next(each for each in names if entry.values.get(each, UNSAID) != other.values.get(each, UNSAID))
            field = min(self.fields_of(entry, name))
            place = _place_of(entry) | {field: entry.values.get(name)}
            where = {"row": other.row, "part": other.part}
            remarks.refuse(place, field, self.contradiction_of(entry), name=entry.name, **where)

    def _examples(self, compared: Compared) -> list[ExampleRow]:
        """What changes, the most money first; then what is new, as it was read."""
        found = []
        for entry, there in sorted(compared.changed, key=lambda pair: -self._moves(*pair))[:EXAMPLES]:
            before = self.said_by(there, entry.values)
            names = [name for name, value in entry.values.items() if before[name] != value]
            found.append(
                ExampleRow(
                    "changed",
                    entry.name,
                    self._told(entry, {name: before[name] for name in names}),
                    self._told(entry, {name: entry.values[name] for name in names}, entry.emptied),
                )
            )
        new = sorted(compared.new, key=lambda entry: -abs(entry.values.get(self.summed) or NOTHING))
        found += [ExampleRow("new", entry.name, "", self._told(entry, entry.values)) for entry in new[: EXAMPLES // 2]]
        return found

    def _told(self, entry: Entry, values: dict[str, Any], emptied: frozenset[str] = frozenset()) -> str:
        """Each value with the heading of its column, as the portal's own lists write it."""
        headings = {field.name: field.headings[0] for field in self.shape.fields}
        columns = {name: headings.get(min(self.fields_of(entry, name)), "") for name in values}
        said = ((columns[name], self._words(name, value, emptied)) for name, value in values.items())
        return "; ".join(": ".join(filter(None, pair)) for pair in said)

    def _words(self, name: str, value: Any, emptied: frozenset[str] = frozenset()) -> str:
        """The value as people read it: the label of a choice, the word that empties."""
        if value in BLANK and name in emptied:
            return CLEAR
        return str(self.choices[name](value).label) if name in self.choices and value else _shown(value)

    def _moves(self, entry: Entry, there: Any) -> Decimal:
        """By how much money (Rp) the row changes."""
        if self.summed not in entry.values:
            return NOTHING
        held = self.said_by(there, {self.summed: None})[self.summed]
        return abs(Decimal(entry.values[self.summed] or 0) - Decimal(held or 0))


def _shown(value: Any) -> str:
    if value in BLANK:
        return "–"
    return format_number(value) if isinstance(value, Decimal) else str(value)[:160]


def _place_of(entry: Entry) -> dict[str, Any]:
    return {"sheet_no": entry.part, "row_no": entry.row}


def _silent(rows: list[dict[str, Any]], placed: list[Entry], told: set[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """The rows that nothing is said of: twins of another one, and those that hold nothing to take over."""
    codes = {entry.place: entry.code for entry in placed}
    places = ((row["sheet_no"], row["row_no"]) for row in rows)
    return [(*place, codes.get(place, "")) for place in places if place not in told]
