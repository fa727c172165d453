"""Parsed rows to our regions and unit. Pure.

A source's region rows mix the province, the regencies and a national row; its codes are BPS's (6402 is Kutai Barat) or
Kemendagri's (64.02 is Kutai Kartanegara), and move. So a row is placed by code and checked by name: where they disagree
it is not placed, and a note says so. What a steward decided (`Mapped`) comes first, as long as the name is still the
same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.periods import Period
from datasources.connectors.parsing import LARGEST, Note, Row

NATIONAL = {"9999", "0000", "00", "0"}
NATION_NAMES = {"indonesia", "nasional"}
STEP = Decimal("0.000001")
_PREFIX = re.compile(r"^(kabupaten|kab\.?|kota|provinsi|prov\.?)\s+")


@dataclass(frozen=True)
class KnownRegion:
    pk: int
    bps_code: str
    name: str
    kemendagri_code: str = ""


@dataclass(frozen=True)
class Mapped:
    """A steward's decision about a row: the region, or None for 'left out on purpose'."""

    region_pk: int | None


@dataclass(frozen=True)
class Figure:
    region_pk: int
    period: Period
    value: Decimal
    page: int = 0


@dataclass(frozen=True)
class Placed:
    """`seen` holds every (region, period) of the answer, those with two different figures too."""

    figures: list[Figure]
    notes: list[Note]
    seen: frozenset[tuple[int, Period]]


@dataclass(frozen=True)
class Proposal:
    """What each way of reading a row's region says; `chosen` by `by` (a MappedBy value), or None with the reason."""

    code: str
    label: str
    by_bps: KnownRegion | None
    by_kemendagri: KnownRegion | None
    by_name: KnownRegion | None
    chosen: KnownRegion | None = None
    by: str = ""
    why: str = ""

    @property
    def is_national(self) -> bool:
        return self.code in NATIONAL or bare_name(self.label or self.code) in NATION_NAMES


def bare_name(name: str) -> str:
    """'Kab. Kutai Barat' and 'KUTAI BARAT' → 'kutaibarat'."""
    return re.sub(r"[^a-z]", "", _PREFIX.sub("", name.lower().strip()))


class RegionFinder:
    """The regions by both code systems and by name."""

    def __init__(self, regions: Iterable[KnownRegion]) -> None:
        self.regions = list(regions)
        self.by_bps = {region.bps_code: region for region in self.regions}
        self.by_kemendagri = {
            _digits(region.kemendagri_code): region for region in self.regions if region.kemendagri_code
        }
        self.by_name = {bare_name(region.name): region for region in self.regions}

    def proposals(self, rows: Iterable[tuple[str, str]], system: str = "automatic") -> list[Proposal]:
        """One for each distinct (code, label), in their order; `system` is a CodeSystem value."""
        distinct = list(dict.fromkeys(rows))
        raw = [self._readings(code, label) for code, label in distinct]
        used = self._system_of(raw) if system == "automatic" else system
        return [_decide(reading, used) for reading in raw]

    def _readings(self, code: str, label: str) -> Proposal:
        digits = _digits(code)
        dotted = "." in code
        return Proposal(
            code,
            label,
            None if dotted else self.by_bps.get(digits) or self.by_bps.get(f"{digits}00"),
            self.by_kemendagri.get(digits) or (self.by_kemendagri.get(digits[:2]) if digits.endswith("00") else None),
            self.by_name.get(bare_name(label or code)),
        )

    @staticmethod
    def _system_of(raw: Sequence[Proposal]) -> str:
        """The system that the names bear out; with no name to go by, '' unless the codes are dotted."""
        named = [reading for reading in raw if reading.by_name]
        bps = sum(reading.by_bps == reading.by_name for reading in named)
        kemendagri = sum(reading.by_kemendagri == reading.by_name for reading in named)
        if bps != kemendagri:
            return "bps" if bps > kemendagri else "kemendagri"
        if not named and any("." in reading.code for reading in raw):
            return "kemendagri"
        return ""


def _digits(code: str) -> str:
    return code.replace(".", "").strip() if code.replace(".", "").strip().isdecimal() else ""


def _decide(reading: Proposal, system: str) -> Proposal:
    named, coded = reading.by_name, _by_code(reading, system)
    if system == "name":
        return _with(reading, named, "name", "" if named else _("the name is not known"))
    if coded is not None:
        return _decide_by_code(reading, coded, system)
    if named is not None:
        why = _("placed by its name: %(name)s has the code %(code)s") % {"name": named.name, "code": named.bps_code}
        return _with(reading, named, "name", why if _digits(reading.code) else "")
    if reading.by_bps or reading.by_kemendagri:
        return _with(reading, None, "", _("BPS and Kemendagri codes give different regions: say whose codes these are"))
    return _with(reading, None, "", _("not a region of this province"))


def _by_code(reading: Proposal, system: str) -> KnownRegion | None:
    """What the code says: of the system that is known, or where both systems agree."""
    if system == "bps":
        return reading.by_bps
    if system == "kemendagri":
        return reading.by_kemendagri
    return reading.by_bps if not system and reading.by_bps == reading.by_kemendagri else None


def _decide_by_code(reading: Proposal, coded: KnownRegion, system: str) -> Proposal:
    """A code is taken when its name bears it out, or when it has none."""
    named = reading.by_name
    if coded == named:
        return _with(reading, coded, "both", "")
    if named is not None:
        why = _("the code is that of %(code)s, the name that of %(name)s") % {"code": coded.name, "name": named.name}
        return _with(reading, None, "", why)
    if not reading.label:
        return _with(reading, coded, system or "bps", "")
    return _with(reading, None, "", _("the code is that of %(code)s, the name is not known") % {"code": coded.name})


def _with(reading: Proposal, chosen: KnownRegion | None, by: str, why: str) -> Proposal:
    return Proposal(
        reading.code,
        reading.label,
        reading.by_bps,
        reading.by_kemendagri,
        reading.by_name,
        chosen,
        by if chosen else "",
        why,
    )


def place(
    rows: Iterable[Row],
    finder: RegionFinder,
    *,
    system: str = "automatic",
    mapped: Mapping[tuple[str, str], Mapped] | None = None,
    factor: Decimal = Decimal(1),
) -> Placed:
    """Figures of our regions, and a note for every row that was not placed. The national row is left out on purpose.

    `mapped`: a steward's decisions by (code, name in the source). `factor`: stored figure = source figure × factor.
    """
    rows = list(rows)
    decisions = {(code, bare_name(label)): region for (code, label), region in (mapped or {}).items()}
    names = dict((mapped or {}).keys())  # the keys are (code, label)
    notes: list[Note] = []
    regions: dict[tuple[str, str], int | None] = {}
    for proposal in finder.proposals([(row.region_code, row.region_label) for row in rows], system):
        code, label = proposal.code, proposal.label
        region, why = proposal.chosen.pk if proposal.chosen else None, proposal.why
        if (code, bare_name(label)) in decisions:
            region, why = decisions[code, bare_name(label)].region_pk, ""
        elif proposal.is_national:
            region, why = None, ""
        elif code in names:
            why = _("this code was “%(old)s” when its region was set: check the regions of this series")
            region, why = None, why % {"old": names[code]}
        regions[code, label] = region
        if why:
            notes.append(Note(f"{code} {label}".strip(), why))
    return _figures(rows, regions, factor, notes)


def _figures(
    rows: Sequence[Row], regions: Mapping[tuple[str, str], int | None], factor: Decimal, notes: list[Note]
) -> Placed:
    figures: dict[tuple[int, Period], Figure] = {}
    twice: set[tuple[int, Period]] = set()
    for row in rows:
        region = regions[row.region_code, row.region_label]
        if region is None:
            continue
        value = (row.value * factor).quantize(STEP)
        name = f"{row.region_label or row.region_code} {row.period}"
        if abs(value) >= LARGEST:
            notes.append(Note(name, _("too large a figure")))
            continue
        key = (region, row.period)
        if key in figures and figures[key].value != value:
            twice.add(key)
            notes.append(Note(name, _("two different figures for one region and period")))
            continue
        figures[key] = Figure(region, row.period, value, row.page)
    return Placed([figure for key, figure in figures.items() if key not in twice], notes, frozenset(figures))
