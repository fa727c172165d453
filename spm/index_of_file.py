"""The index of figures that stand in a file, for checking by others: by the same functions as the portal's own.

A file is one JSON object: `month` (2026-03), `services` and `regions` (codes that are expected), and `rows` with
`service`, `region`, `need`, `served` and `elements` (`required`, `fulfilled`); what has no row was not entered. A file
holds recipients and quality: every service goes by these two, also one that has a method of its own in the portal.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from typing import Any

from core.periods import Period, PeriodKind
from spm.index import (
    Band,
    EnteredRow,
    Pooled,
    Weights,
    ZeroNeedPolicy,
    category,
    domain_index,
    is_provisional,
    pool,
    region_index,
    service_index,
)

LARGEST = Decimal(10**15)
SHOWN = 100  # parts of a point
SAID = 5  # of the codes that are none
SERVICE_CODE, REGION_CODE = re.compile(r"\d\.\d\d\.[a-z]{1,2}"), re.compile(r"\d\d\.\d\d")
Key = tuple[str, str]  # (service, region)


class FileProblem(ValueError):  # noqa: N818 (told to whoever made the file)
    """What is wrong with the file, and where."""


@dataclass(frozen=True)
class GivenFigures:
    month: Period
    services: Sequence[str]
    regions: Sequence[str]
    rows: Mapping[Key, EnteredRow]

    def elements_of(self, service: str) -> dict[Any, int]:
        """By their place in the row; where no region names any, all of block B is blank."""
        most = max((len(row.elements) for (code, _region), row in self.rows.items() if code == service), default=0)
        return dict.fromkeys(range(max(most, 1)), 1)


@dataclass(frozen=True)
class IndexRules:
    """What the portal holds for the year: weights, categories, and what nobody to serve means for a service."""

    weights: Weights
    bands: Sequence[Band]
    zero_need: Callable[[str], ZeroNeedPolicy]


def parsed(data: Any) -> GivenFigures:
    """Raises FileProblem."""
    if not isinstance(data, dict):
        raise FileProblem("Isi berkas bukan satu objek JSON.")
    services, regions = (_codes(data, name) for name in ("services", "regions"))
    _check_shape("services", services, SERVICE_CODE, "1.01.a")
    _check_shape("regions", regions, REGION_CODE, "64.71")
    rows: dict[Key, EnteredRow] = {}
    for number, row in enumerate(_list(data, "rows"), start=1):
        place = f"rows[{number}]"
        if not isinstance(row, dict):
            raise FileProblem(f"{place} bukan objek.")
        key = (str(row.get("service")), str(row.get("region")))
        if key[0] not in services or key[1] not in regions:
            raise FileProblem(f"{place}: {key[0]} di {key[1]} tidak ada di services dan regions.")
        if key in rows:
            raise FileProblem(f"{place}: {key[0]} di {key[1]} disebut dua kali.")
        rows[key] = _row(row, place)
    return GivenFigures(_month(data.get("month")), services, regions, rows)


def _check_shape(name: str, codes: Collection[str], shape: re.Pattern[str], example: str) -> None:
    """A code of another shape is one of BPS, or a province's: it must not count as a figure of its own. What the portal
    doesn't hold has an index all the same: of another level's services, of another province."""
    if wrong := [code for code in codes if not shape.fullmatch(code)]:
        raise FileProblem(f"{name}: bukan kode Kemendagri: {', '.join(wrong[:SAID])}. Contoh: {example}.")


def _month(said: Any) -> Period:
    try:
        month = Period.parse(str(said))
    except ValueError as error:
        raise FileProblem("month bukan bulan; tulis seperti 2026-03.") from error
    if month.kind is not PeriodKind.MONTH:
        raise FileProblem("month bukan bulan; tulis seperti 2026-03.")
    return month


def _codes(data: Mapping[str, Any], name: str) -> list[str]:
    found = [str(code) for code in _list(data, name)]
    if not found or len(set(found)) < len(found):
        raise FileProblem(f"{name} kosong, atau menyebut kode dua kali.")
    return found


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    if not isinstance(found, list):
        raise FileProblem(f"{name} tidak ada, atau bukan larik.")
    return found


def _row(row: Mapping[str, Any], place: str) -> EnteredRow:
    elements = [] if row.get("elements") is None else row["elements"]
    if not isinstance(elements, list) or not all(isinstance(each, dict) for each in elements):
        raise FileProblem(f"{place}.elements bukan larik objek.")
    pairs = {
        number: (
            _figure(each.get("required"), f"{place}.elements[{number + 1}].required"),
            _figure(each.get("fulfilled"), f"{place}.elements[{number + 1}].fulfilled"),
        )
        for number, each in enumerate(elements)
    }
    return EnteredRow(_figure(row.get("need"), f"{place}.need"), _figure(row.get("served"), f"{place}.served"), pairs)


def _figure(said: Any, place: str) -> Decimal:
    if isinstance(said, bool) or said is None or "_" in str(said):
        raise FileProblem(f"{place} bukan angka.")
    try:
        value = Decimal(str(said))
    except InvalidOperation as error:
        raise FileProblem(f"{place} bukan angka.") from error
    if not value.is_finite() or not 0 <= value <= LARGEST:
        raise FileProblem(f"{place} harus angka dari 0 sampai {LARGEST:f}.")
    return value


def worked_out(given: GivenFigures, rules: IndexRules) -> dict[str, Any]:
    """`province`, `regions` and `services`, each with its index and what it covers."""
    everywhere = {service: _indexed(given, rules, service, given.regions) for service in given.services}
    return {
        "province": _told(rules, everywhere, given.regions),
        "regions": {
            region: _told(
                rules,
                {service: _indexed(given, rules, service, [region]) for service in given.services},
                [region],
            )
            for region in given.regions
        },
        "services": {service: _told(rules, {service: one}, given.regions) for service, one in everywhere.items()},
    }


Indexed = tuple[Pooled, Fraction | None, int]  # the figures, the index, how many regions are entered


def _indexed(given: GivenFigures, rules: IndexRules, service: str, regions: Iterable[str]) -> Indexed | None:
    rows = [row for region in regions if (row := given.rows.get((service, region)))]
    if not rows:
        return None
    pooled = pool(rows, given.elements_of(service))
    return pooled, service_index(pooled, rules.weights, rules.zero_need(service)).index, len(rows)


def _told(rules: IndexRules, services: Mapping[str, Indexed | None], regions: Sequence[str]) -> dict[str, Any]:
    known = {code: found for code, found in services.items() if found is not None}
    domains: dict[str, list[Fraction | None]] = defaultdict(list)
    for code, (_pooled, value, _entered) in known.items():
        domains[code.rpartition(".")[0] or code].append(value)
    index = region_index({code: domain_index(values) for code, values in domains.items()})
    entered, expected = sum(found[2] for found in known.values()), len(services) * len(regions)
    lacking = sum(pooled.lacking for pooled, _value, _entered in known.values())
    provisional = is_provisional(entered, expected, lacking)
    band = None if provisional else category(index, rules.bands)
    return {
        "index": None if index is None else shown(index),
        "category": band.name if band else None,
        "provisional": provisional,
        "entered": entered,
        "expected": expected,
        "unserved": _plain(sum((pooled.unserved for pooled, _value, _entered in known.values()), Fraction(0))),
        "over": sum(pooled.over for pooled, _value, _entered in known.values()),
    }


def shown(value: Fraction) -> str:
    """Two decimals, half up, from the exact value."""
    parts = floor(value * SHOWN + Fraction(1, 2))
    return f"{parts // SHOWN}.{parts % SHOWN:02d}"


def _plain(value: Fraction) -> int | str:
    """People are whole; a file may hold shares of them."""
    return int(value) if value.denominator == 1 else f"{value.numerator / value.denominator}"
