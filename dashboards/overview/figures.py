"""The overview's figures from the summaries, each with the address of the rows behind it. A constant number of
queries."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Agency, User
from core.models import Region
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.models import (
    OfAgencies,
    ProgramStanding,
    RegionTally,
)
from dashboards.overview.totals import FLOWS, STOCKS, VERDICTS, ProgramTotals, Verdicts, sum_of
from dashboards.reference_lists import Reference, reference
from spm.models import Domain


@dataclass(frozen=True)
class DomainRow:
    domain: Domain
    cell: ProgramTotals


@dataclass(frozen=True)
class AgencyRow:
    agency: Agency
    cells: list[tuple[Domain | None, ProgramTotals]]
    total: ProgramTotals


@dataclass(frozen=True)
class RegionRow:
    region: Region
    programs: int
    verdicts: Verdicts

    @property
    def deviating_percent(self) -> Decimal | None:
        return self.verdicts.deviating_percent


@dataclass(frozen=True)
class Overview:
    domains: list[DomainRow]
    agencies: list[AgencyRow]
    total: ProgramTotals
    states: list[tuple[Standing, int]]
    regions: list[RegionRow]


Totals = dict[tuple[int, int | None], ProgramTotals]  # by OPD, and domain or None


def _sums(filters: DashboardFilter) -> dict[str, Count | Sum]:
    """What stands at the end of the period, and what came during it, by the names of SUMMED and of the verdicts."""
    now, meanwhile = Q(quarter=filters.standing_quarter), Q(quarter__in=filters.quarters)
    return {
        "programs": Count("pk", filter=now),
        **{name: Sum(name, filter=now) for name in STOCKS},
        "achievement_sum": Sum("achievement", filter=now),
        "measured": Count("achievement", filter=now),
        "without_evidence": Count("pk", filter=now & Q(has_evidence=False)),
        **{name: Sum(name, filter=meanwhile) for name in (*FLOWS, *VERDICTS)},
    }


def overview(user: User, filters: DashboardFilter) -> Overview:
    """Domains, and OPD × domain, and the regions, from two grouped queries."""
    cells, lists = _totals(user, filters), reference()
    regions = (_regions if filters.region is None else _only_of_region)(cells, user, filters, lists.regions)
    total = sum_of(cells.values())
    return Overview(
        domains=[DomainRow(domain, _of_domain(cells, domain)) for domain in lists.domains],
        agencies=_agency_rows(cells, lists),
        total=total,
        states=[(state, total.states[state]) for state in Standing],
        regions=regions,
    )


def _totals(user: User, filters: DashboardFilter) -> Totals:
    """One query."""
    cells: Totals = defaultdict(ProgramTotals)
    sums = _sums(filters)
    in_period = filters.standings_in_period(ProgramStanding.objects.visible_to(user))
    grouped = in_period.order_by().values_list("agency", "domain", "state")
    # No annotation may be called like a field, says Django.
    for agency, domain, state, *found in grouped.annotate(**{f"sum_{name}": each for name, each in sums.items()}):
        values: dict[str, Any] = {name: value or 0 for name, value in zip(sums, found, strict=True)}
        verdicts = Verdicts(**{verdict: values.pop(verdict) for verdict in VERDICTS})
        part = ProgramTotals(**values, verdicts=verdicts)
        part.states[state] = part.programs
        cells[agency, domain].add(part)
    return cells


def _of_domain(cells: Totals, domain: Domain) -> ProgramTotals:
    return sum_of(part for (_agency, key), part in cells.items() if key == domain.pk)


def _agency_rows(cells: Totals, lists: Reference) -> list[AgencyRow]:
    """One per OPD that has programmes; a part for every domain and for programmes of none."""
    known = {agency for agency, _domain in cells}
    keys: list[Domain | None] = [*lists.domains, None]
    rows = []
    for agency in (row for row in lists.agencies if row.pk in known):
        own = [(domain, cells.get((agency.pk, domain.pk if domain else None), ProgramTotals())) for domain in keys]
        rows.append(AgencyRow(agency, own, sum_of(part for _domain, part in own)))
    return rows


def _only_of_region(cells: Totals, user: User, filters: DashboardFilter, regions: list[Region]) -> list[RegionRow]:
    """With a region, the verdicts on its values alone; and its own row."""
    for cell in cells.values():
        cell.verdicts = Verdicts()
    there = _tallies(user, filters).order_by().values_list("agency", "domain")
    reaching = 0
    for agency, domain, *counts, programs in there.annotate(*_compared(), reach=_reach(filters)):
        cells[agency, domain].verdicts = Verdicts(*counts)
        reaching += programs
    total = sum_of(cells.values())
    return [RegionRow(region, reaching, total.verdicts) for region in regions if region.pk == filters.region]


def _regions(_cells: Totals, user: User, filters: DashboardFilter, regions: list[Region]) -> list[RegionRow]:
    """The ten kab/kota: how many programmes reach them, and how their reported values compare."""
    grouped = _tallies(user, filters).order_by().values_list("region").annotate(*_compared(), reach=_reach(filters))
    found = {region: (programs, Verdicts(*counts)) for region, *counts, programs in grouped}
    return [RegionRow(region, *found.get(region.pk, (0, Verdicts()))) for region in regions]


def _compared() -> list[Sum]:
    return [Sum(verdict) for verdict in VERDICTS]


def _reach(filters: DashboardFilter) -> Count:
    return Count("pk", filter=Q(reaches=True, quarter=filters.standing_quarter))


def _tallies(user: User, filters: DashboardFilter) -> OfAgencies:
    """Of the period; `visible_to` of programmes decides by OPD, and so does this."""
    return filters.region_tallies(RegionTally.objects.visible_to(user))
