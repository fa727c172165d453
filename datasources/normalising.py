"""Parsed rows to our regions. Pure.

BPS's region rows mix the province, the regencies and a national row; ids are BPS codes (6400, 6402) as a rule, but move.
So a row is placed by code and checked by name: where the two disagree it is not placed, and a note says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.periods import Period
from datasources.parsing import Note, Row

NATIONAL = "9999"
_PREFIX = re.compile(r"^(kabupaten|kab\.?|kota|provinsi|prov\.?)\s+")


@dataclass(frozen=True)
class KnownRegion:
    pk: int
    bps_code: str
    name: str


@dataclass(frozen=True)
class Figure:
    region_pk: int
    period: Period
    value: Decimal


def bare_name(name: str) -> str:
    """'Kab. Kutai Barat' and 'KUTAI BARAT' → 'kutaibarat'."""
    return re.sub(r"[^a-z]", "", _PREFIX.sub("", name.lower().strip()))


def place(rows: Iterable[Row], regions: Iterable[KnownRegion]) -> tuple[list[Figure], list[Note]]:
    """Figures of our regions, and a note for every row that was not placed. The national row is left out on purpose."""
    by_code = {region.bps_code: region for region in regions}
    by_name = {bare_name(region.name): region for region in by_code.values()}
    figures: dict[tuple[int, Period], Figure] = {}
    notes: list[Note] = []
    unplaced: set[str] = set()
    for row in rows:
        if row.region_code == NATIONAL:
            continue
        region, note = _region_of(row, by_code, by_name)
        if note is not None and row.region_code not in unplaced:
            unplaced.add(row.region_code)
            notes.append(note)
        if region is None:
            continue
        key = (region.pk, row.period)
        if key in figures and figures[key].value != row.value:
            notes.append(Note(f"{row.region_label} {row.period}", _("two different figures for one region and period")))
            continue
        figures[key] = Figure(region.pk, row.period, row.value)
    return list(figures.values()), notes


def _region_of(
    row: Row, by_code: dict[str, KnownRegion], by_name: dict[str, KnownRegion]
) -> tuple[KnownRegion | None, Note | None]:
    coded = by_code.get(row.region_code) or by_code.get(f"{row.region_code}00")
    named = by_name.get(bare_name(row.region_label))
    place_name = f"{row.region_code} {row.region_label}"
    if coded and named and coded != named:
        return None, Note(
            place_name,
            _("the code is that of %(code)s, the name that of %(name)s") % {"code": coded.name, "name": named.name},
        )
    if coded and (named or not row.region_label):
        return coded, None
    if named:
        return named, Note(
            place_name,
            _("placed by its name: %(name)s has the code %(code)s") % {"name": named.name, "code": named.bps_code},
        )
    if coded:
        return None, Note(place_name, _("the code is that of %(code)s, the name is not known") % {"code": coded.name})
    return None, Note(place_name, _("not a region of this province"))
