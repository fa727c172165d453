"""RPJMD and Renstra with their targets (`data_rpjmd_sasaran`, `data_renstra`)."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.numbers import NumberFormatError, parse_number
from core.text import plain as plain_text
from core.text import shortened
from programs.choices import PlanKind, PlanLevel
from programs.models import PlanDocument, PlanIndicator, PlanItem

MESSAGES |= {
    "plan_chain_unclear": _(
        "stands in the plan under several goals, missions or visions; fill in visi, misi, tujuan and sasaran"
    ),
    "plan_of_other_years": _("is not of the plan of %(first)s–%(last)s; hand the list in for a year of its own plan"),
}
YEARS = range(1, 6)
FIRST_PLAN_YEAR, PLAN_LENGTH = 2025, 5  # RPJMD 2025–2029
CHAIN = [PlanLevel.VISION, PlanLevel.MISSION, PlanLevel.GOAL, PlanLevel.TARGET]


class Plans(EntryDataset):
    """Handed in by a data steward it is the province's RPJMD, by an operator the Renstra of the OPD."""

    label = _("RPJMD and Renstra targets (SIPD)")
    hint = _("From a data steward it is the RPJMD of the province, from an operator the Renstra of the OPD.")
    needs_agency = False
    roles = frozenset({Role.DATA_STEWARD, Role.OPERATOR})
    order = 15
    shape = Shape(
        "plans",
        (
            Field("first_year", Kind.INTEGER, ("tahun_awal",)),
            Field("last_year", Kind.INTEGER, ("tahun_akhir",)),
            Field("vision", Kind.TEXT, ("visi", "visi_teks"), max_length=1000),
            Field("mission", Kind.TEXT, ("misi", "misi_teks"), max_length=1000),
            Field("goal", Kind.TEXT, ("tujuan", "tujuan_teks"), required=True, max_length=1000),
            Field("target", Kind.TEXT, ("sasaran", "sasaran_teks"), required=True, max_length=1000),
            Field("indicator", Kind.TEXT, ("indikator", "indikator_teks"), required=True, max_length=400),
            Field("unit", Kind.TEXT, ("satuan",), max_length=60),
            Field("baseline", Kind.TEXT, ("target_awal",), max_length=60),
            *(Field(f"target_{year}", Kind.TEXT, (f"target_{year}",), max_length=60) for year in YEARS),
            Field("final_target", Kind.TEXT, ("target_akhir",), max_length=60),
            *(Field(f"ceiling_{year}", Kind.RUPIAH, (f"pagu_{year}",)) for year in YEARS),
        ),
        recognised_by=("goal", "target", "indicator", "target_1", "target_5"),
        details=("unit", "baseline", *(f"target_{year}" for year in YEARS), "final_target"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        entries = []
        document = self._document(scope)
        first, last = (document.first_year, document.last_year) if document else _years_around(scope.fiscal_year)
        for row in rows:
            said = {"first_year": first, "last_year": last}
            below = next((f"ceiling_{year}" for year in YEARS if (row[f"ceiling_{year}"] or 0) < 0), "")
            if other := next((name for name, year in said.items() if row[name] not in {None, year}), ""):
                remarks.refuse(row, other, "plan_of_other_years", first=first, last=last)
            elif below:
                remarks.refuse(row, below, "negative")
            else:
                entries.append(self._entry(row))
        return self._meant(entries, document, remarks)

    @staticmethod
    def _entry(row: dict[str, Any]) -> Entry:
        chain = tuple(row[level] or "" for level in ("vision", "mission", "goal", "target"))
        texts = ("unit", "baseline", "final_target", *(f"target_{year}" for year in YEARS))
        values = {name: row[name] or "" for name in texts}
        values |= {f"ceiling_{year}": row[f"ceiling_{year}"] for year in YEARS}
        name = shortened(f"{row['target']} · {row['indicator']}", 160)
        source = {"chain": (*chain, row["indicator"]), "row": row}
        return Entry(chain, name, values, row["sheet_no"], row["row_no"], source=source)

    @staticmethod
    def _meant(entries: list[Entry], document: PlanDocument | None, remarks: Remarks) -> list[Entry]:
        """With the chain of texts that each row can only mean: what it leaves blank is as the plan has it, or the rest
        of the list. Case and blanks between words say nothing."""
        items = {item.pk: item for item in document.items.all()} if document else {}
        known = Chains(_chain(item, items) for item in items.values() if item.level == PlanLevel.TARGET)
        known.hear(entry.source["chain"][:4] for entry in entries if all(entry.source["chain"][:4]))
        names: dict[Any, dict[str, str]] = {}
        for row in PlanIndicator.objects.filter(item__in=items):
            names.setdefault(_chain(items[row.item_id], items), {})[plain_text(row.name)] = row.name
        placed = []
        for entry in entries:
            *chain, indicator = entry.source["chain"]
            found = known.meant_by(tuple(chain))
            holding = [each for each in found if plain_text(indicator) in names.get(each, {})]
            best = holding if len(holding) == 1 else found
            if len(best) > 1:
                remarks.refuse(entry.source["row"], "target", "plan_chain_unclear")
                continue
            meant = best[0] if best else tuple(chain)
            said = names.setdefault(meant, {}).setdefault(plain_text(indicator), indicator)
            placed.append(replace(entry, key=(*meant, said)))
        return placed

    def _kind(self, scope: ImportScope) -> tuple[PlanKind, Any]:
        if scope.agency is None or not scope.user.operates(scope.agency.pk):
            return PlanKind.RPJMD, None
        return PlanKind.RENSTRA, scope.agency

    def _document(self, scope: ImportScope) -> PlanDocument | None:
        kind, agency = self._kind(scope)
        return PlanDocument.objects.filter(kind=kind, agency=agency).covering(scope.fiscal_year).first()

    def said_by(self, held: PlanIndicator, values: dict[str, Any]) -> dict[str, Any]:
        return {name: _of_year(held, name) for name in values}

    def figure_of(self, value: Any) -> Decimal | int | None:
        """Targets are texts; where they are figures, a leap is one."""
        if not isinstance(value, str):
            return super().figure_of(value)
        try:
            return parse_number(value, decimals=2)
        except NumberFormatError:
            return None

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, PlanIndicator]:
        document = self._document(scope)
        if document is None:
            return {}
        items = {item.pk: item for item in document.items.all()}
        rows = PlanIndicator.objects.filter(item__document=document)
        return {(*_chain(items[row.item_id], items), row.name): row for row in rows}

    def write(self, new: list[Entry], changed: list[tuple[Entry, PlanIndicator]], scope: ImportScope) -> None:
        if new:
            self._add(new, scope)
        for entry, held in changed:
            _fill(held, entry.values)
            held.save()

    def _add(self, new: list[Entry], scope: ImportScope) -> None:
        kind, agency = self._kind(scope)
        first, last = _years_around(scope.fiscal_year)
        owner = "Kalimantan Timur" if agency is None else agency.name
        document, _made = PlanDocument.objects.get_or_create(
            kind=kind,
            agency=agency,
            first_year=first,
            defaults={"last_year": last, "name": f"{kind.label} {owner} {first}–{last}"[:200]},
        )
        made: dict[tuple[str, ...], PlanItem] = {}
        for entry in new:
            parent: PlanItem | None = None
            path: tuple[str, ...] = ()
            for level, text in zip(CHAIN, entry.key[:4], strict=True):
                path = (*path, text)
                if not text:
                    continue
                if path not in made:
                    made[path], _new = PlanItem.objects.get_or_create(
                        document=document, parent=parent, level=level, text=text
                    )
                parent = made[path]
            assert parent is not None  # noqa: S101 (goal and target are required)
            added = PlanIndicator(item=parent, name=entry.key[4], targets=[""] * PLAN_LENGTH)
            added.ceilings_rupiah = [None] * PLAN_LENGTH
            _fill(added, entry.values)
            added.save(force_insert=True)


class Chains:
    """The texts from vision to target that a plan and a list have, and which of them a row can mean."""

    def __init__(self, known: Iterable[tuple[str, ...]]) -> None:
        self.known: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.by_end: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        self.by_goal: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {}
        self.hear(known)

    def hear(self, chains: Iterable[tuple[str, ...]]) -> None:
        for chain in chains:
            plain = tuple(map(plain_text, chain))
            if plain not in self.known:
                self.known[plain] = chain
                self.by_end.setdefault(plain[2:], []).append(plain)
                self.by_goal.setdefault(plain[2], {}).setdefault(plain[:3], chain[:3])

    def meant_by(self, said: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Those that agree in all that is said; one that is said whole is found by itself."""
        plain = tuple(map(plain_text, said))
        if plain in self.known and all(plain):
            return [self.known[plain]]
        if ends := [each for each in self.by_end.get(plain[2:], []) if _agree(plain, each)]:
            return [self.known[each] for each in ends]
        goals = self.by_goal.get(plain[2], {})
        return [(*goal, said[3]) for each, goal in goals.items() if _agree(plain[:3], each)]


def _agree(said: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(not ours or not theirs or ours == theirs for ours, theirs in zip(said, other, strict=True))


def _years_around(year: int) -> tuple[int, int]:
    """First and last year of the plan that covers this year."""
    first = year - (year - FIRST_PLAN_YEAR) % PLAN_LENGTH
    return first, first + PLAN_LENGTH - 1


LISTS = {"target": "targets", "ceiling": "ceilings_rupiah"}  # kept as lists of five years


def _of_year(held: PlanIndicator, name: str) -> Any:
    """What it says under the name of a column: `target_2` is the second of its targets."""
    part, _sign, year = name.partition("_")
    if part not in LISTS or not year.isdigit():
        return getattr(held, name)
    said = getattr(held, LISTS[part])
    return said[int(year) - 1] if int(year) <= len(said) else None


def _fill(held: PlanIndicator, values: dict[str, Any]) -> None:
    for name, value in values.items():
        part, _sign, year = name.partition("_")
        if part in LISTS and year.isdigit():
            said = getattr(held, LISTS[part])
            said += [None] * (PLAN_LENGTH - len(said))
            said[int(year) - 1] = value
        else:
            setattr(held, name, value)


def _chain(item: PlanItem, items: dict[int, PlanItem]) -> tuple[str, ...]:
    """The texts from vision to target, '' where the plan names none."""
    texts = dict.fromkeys(CHAIN, "")
    here: PlanItem | None = item
    while here is not None:
        texts[PlanLevel(here.level)] = here.text
        here = items.get(here.parent_id or 0)
    return tuple(texts[level] for level in CHAIN)
