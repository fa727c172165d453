"""The overview's figures from the summaries, each with the address of the rows behind it. A constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Agency, User
from core.models import Region
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.models import (
    OfAgencies,
    PackageTally,
    ProgramStanding,
    ProgramStandingQuerySet,
    RegionTally,
)
from dashboards.reference_lists import reference
from datasources.choices import Verdict
from procurement.models import Package
from programs.models import ReportValue
from programs.registration.impact import Spending
from spm.models import Domain

if TYPE_CHECKING:
    from django.db.models.expressions import CombinedExpression

HUNDRED = Decimal(100)
ZERO = Decimal(0)
MOST_POINTS = 200
STOCKS = ("budget_rupiah", "planned_rupiah", "spent_rupiah", "ceremonial_rupiah", "supporting_rupiah", "direct_rupiah")
FLOWS = ("due", "delivered", "revised")
VERDICTS, STANDINGS = tuple(Verdict.values), tuple(Standing.values)  # asked thousands of times a page
SUMMED = ("programs", *STOCKS, "achievement_sum", "measured", "without_evidence", *FLOWS)  # fields of a Cell


@dataclass
class Verdicts:
    matches: int = 0
    explain: int = 0
    deviates: int = 0
    no_reference: int = 0

    @property
    def total(self) -> int:
        return self.matches + self.explain + self.deviates + self.no_reference

    @property
    def deviating_percent(self) -> Decimal | None:
        """Share of the values that could be compared."""
        compared = self.total - self.no_reference
        return self.deviates * HUNDRED / compared if compared else None


@dataclass
class Cell:
    """One OPD in one domain, or a sum of such: what is planned, spent and reached, what is due, what came.

    Money in Rp; `planned` and `spent` by the newest monthly figures of the programmes that have them.
    """

    programs: int = 0
    budget_rupiah: Decimal = ZERO
    planned_rupiah: Decimal = ZERO
    spent_rupiah: Decimal = ZERO
    ceremonial_rupiah: Decimal = ZERO
    supporting_rupiah: Decimal = ZERO
    direct_rupiah: Decimal = ZERO
    achievement_sum: Decimal = ZERO
    measured: int = 0
    without_evidence: int = 0
    due: int = 0
    delivered: int = 0
    revised: int = 0
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STANDINGS, 0))
    verdicts: Verdicts = field(default_factory=Verdicts)

    @property
    def delivered_percent(self) -> Decimal | None:
        return self.delivered * HUNDRED / self.due if self.due else None

    @property
    def step(self) -> int:
        """1 to 5 on the colour scale, 0 when nothing is due yet."""
        percent = self.delivered_percent
        return 0 if percent is None else min(5, int(percent // 20) + 1)

    @property
    def spent_percent(self) -> Decimal | None:
        """Absorption (serapan): spent of the budget."""
        return self.spent_rupiah * HUNDRED / self.budget_rupiah if self.budget_rupiah else None

    @property
    def of_plan_percent(self) -> Decimal | None:
        return self.spent_rupiah * HUNDRED / self.planned_rupiah if self.planned_rupiah else None

    @property
    def achievement(self) -> Decimal | None:
        """Mean over the programmes with a measured outcome, in per cent of their targets."""
        return self.achievement_sum / self.measured if self.measured else None

    @property
    def spending(self) -> Spending:
        return Spending(self.ceremonial_rupiah, self.supporting_rupiah, self.direct_rupiah)

    def add(self, other: "Cell") -> None:
        for name in SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for state, count in other.states.items():
            self.states[state] += count
        for verdict in VERDICTS:
            setattr(self.verdicts, verdict, getattr(self.verdicts, verdict) + getattr(other.verdicts, verdict))


@dataclass(frozen=True)
class DomainRow:
    domain: Domain
    cell: Cell


@dataclass(frozen=True)
class AgencyRow:
    agency: Agency
    cells: list[tuple[Domain | None, Cell]]
    total: Cell


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
    total: Cell
    states: list[tuple[Standing, int]]
    regions: list[RegionRow]


Key = tuple[int, int | None]  # (OPD, domain or None)


def standings(user: User, filters: DashboardFilter) -> ProgramStandingQuerySet:
    """The programmes in view, one row each, as they stand at the end of the period."""
    return filters.standings_at_end(ProgramStanding.objects.visible_to(user))


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
    cells: dict[Key, Cell] = defaultdict(Cell)
    sums = _sums(filters)
    in_period = filters.standings_in_period(ProgramStanding.objects.visible_to(user))
    grouped = in_period.order_by().values_list("agency", "domain", "state")
    # No annotation may be called like a field, says Django.
    for agency, domain, state, *found in grouped.annotate(**{f"sum_{name}": each for name, each in sums.items()}):
        values: dict[str, Any] = {name: value or 0 for name, value in zip(sums, found, strict=True)}
        verdicts = Verdicts(**{verdict: values.pop(verdict) for verdict in VERDICTS})
        part = Cell(**values, verdicts=verdicts)
        part.states[state] = part.programs
        cells[agency, domain].add(part)
    lists = reference()
    regions = (
        _regions(user, filters, lists.regions)
        if filters.region is None
        else _only_of_region(cells, user, filters, lists.regions)
    )
    known = {agency for agency, _domain in cells}
    rows = []
    for agency_row in (row for row in lists.agencies if row.pk in known):
        pk = agency_row.pk
        own = [(domain, cells.get((pk, domain.pk if domain else None), Cell())) for domain in [*lists.domains, None]]
        rows.append(AgencyRow(agency_row, own, _sum(cell for _domain, cell in own)))
    total = _sum(cells.values())
    return Overview(
        domains=[
            DomainRow(domain, _sum(cell for (_agency, key), cell in cells.items() if key == domain.pk))
            for domain in lists.domains
        ],
        agencies=rows,
        total=total,
        states=[(state, total.states[state]) for state in Standing],
        regions=regions,
    )


def _only_of_region(
    cells: dict[Key, Cell], user: User, filters: DashboardFilter, regions: list[Region]
) -> list[RegionRow]:
    """With a region, the verdicts on its values alone; and its own row."""
    for cell in cells.values():
        cell.verdicts = Verdicts()
    there = _tallies(user, filters).order_by().values_list("agency", "domain")
    reaching = 0
    for agency, domain, *counts, programs in there.annotate(*_compared(), reach=_reach(filters)):
        cells[agency, domain].verdicts = Verdicts(*counts)
        reaching += programs
    total = _sum(cells.values())
    return [RegionRow(region, reaching, total.verdicts) for region in regions if region.pk == filters.region]


def _regions(user: User, filters: DashboardFilter, regions: list[Region]) -> list[RegionRow]:
    """The ten kab/kota: how many programmes reach them, and how their reported values compare."""
    grouped = _tallies(user, filters).order_by().values_list("region").annotate(*_compared(), reach=_reach(filters))
    found = {region: (programs, Verdicts(*counts)) for region, *counts, programs in grouped}
    return [RegionRow(region, *found.get(region.pk, (0, Verdicts()))) for region in regions]


def _compared() -> list[Sum]:
    return [Sum(verdict) for verdict in VERDICTS]


def _reach(filters: DashboardFilter) -> Count:
    return Count("pk", filter=Q(reaches=True, quarter=filters.standing_quarter))


def _sum(parts: Iterable[Cell]) -> Cell:
    total = Cell()
    for part in parts:
        total.add(part)
    return total


def _tallies(user: User, filters: DashboardFilter) -> OfAgencies:
    """Of the period; `visible_to` of programmes decides by OPD, and so does this."""
    return filters.region_tallies(RegionTally.objects.visible_to(user))


def deviating(user: User, filters: DashboardFilter, shown: int) -> list[ReportValue]:
    """Deviating values, the farthest first. One query; the names that are kept are put in afterwards.

    No more than eight tables are joined: of more, PostgreSQL no longer looks for the order in which to join them.
    """
    there = ReportValue.objects.visible_to(user).delivered().deviating().filter(value__isnull=False)
    rows = filters.report_values(there).order_by("-distance", "pk")
    farthest = ReportValue.objects.filter(pk__in=rows.values("pk")[:shown]).select_related(
        "report__program", "indicator__reference_series__source", "reference"
    )
    lists, found = reference(), list(farthest.order_by("-distance", "pk"))
    for value in found:
        value.report.program.agency = lists.agency_of[value.report.program.agency_id]
        value.indicator.unit = lists.unit_of[value.indicator.unit_id]
        if value.region_id in lists.region_of:  # or a district, which is asked for when it is shown
            value.region = lists.region_of[value.region_id]
    return found


@dataclass(frozen=True)
class PackageFigures:
    """Of the fiscal year; `missing` lack declarations, `held` of them wait at the gate, `flags` lie on `flagged`."""

    packages: int = 0
    ceiling_rupiah: Decimal = ZERO
    missing: int = 0
    missing_rupiah: Decimal = ZERO
    held: int = 0
    flagged: int = 0
    flags: int = 0
    contracted: int = 0
    contracted_rupiah: Decimal = ZERO


PACKAGE_SUMS = tuple(PackageFigures.__dataclass_fields__)


def package_figures(user: User, filters: DashboardFilter) -> PackageFigures:
    """One query over the tallies. Packages have neither quarter nor region of their own."""
    rows = filters.summaries(PackageTally.objects.visible_to(user))
    sums = rows.aggregate(**{name: Sum(name) for name in PACKAGE_SUMS})
    return PackageFigures(**{name: value for name, value in sums.items() if value is not None})


def packages_lacking(user: User, filters: DashboardFilter, shown: int) -> list[Package]:
    """Without complete declarations, the largest first."""
    there = Package.objects.visible_to(user).without_declarations().select_related("agency")
    rows = filters.packages(there)
    largest: F | CombinedExpression = F("ceiling_rupiah")
    if filters.domain:
        # Few packages are of a domain's programmes: PostgreSQL shall go from those, not down the index of ceilings.
        largest = largest + Value(ZERO)
    return list(rows.order_by(largest.desc(), "pk")[:shown])


@dataclass(frozen=True)
class Point:
    """One circle of the scatter: absorption and achievement in per cent, budget in Rp, and where it leads."""

    name: str
    absorbed: Decimal
    achieved: Decimal
    budget_rupiah: Decimal
    url: str


def programs_of(user: User, filters: DashboardFilter) -> list[ProgramStanding]:
    """The programmes of the OPD chosen, the largest first; none as long as no OPD is chosen. One query, or none."""
    if not filters.agency:
        return []
    return list(standings(user, filters).select_related("program", "agency").order_by("-budget_rupiah", "pk"))


def scatter(whole: Overview, filters: DashboardFilter, programs: Iterable[ProgramStanding] = ()) -> list[Point]:
    """OPD by what they spent and what came of it; the programmes of one OPD once it is chosen."""
    if filters.agency:
        return programs_spread(programs)
    found = []
    for row in whole.agencies:
        absorbed, achieved = row.total.spent_percent, row.total.achievement
        if absorbed is not None and achieved is not None:
            url = filters.link("standings", agency=row.agency.pk)
            found.append(Point(row.agency.short_name, absorbed, achieved, row.total.budget_rupiah, url))
    return found


def programs_spread(programs: Iterable[ProgramStanding]) -> list[Point]:
    """Those that have spent and measured."""
    known = [
        Point(row.program.name, row.spent_percent, row.achievement, row.budget_rupiah, row.program.get_absolute_url())
        for row in programs
        if row.spent_percent is not None and row.achievement is not None and row.budget_rupiah
    ]
    return known[:MOST_POINTS]


def standing_still(
    user: User, filters: DashboardFilter, programs: Iterable[ProgramStanding] = ()
) -> list[ProgramStanding]:
    """Programmes that spend, a tenth or more on ceremony, while no outcome moves; the most ceremonial first.

    Out of `programs` once an OPD is chosen; else one query.
    """
    rows = (
        [row for row in programs if row.stands_still]
        if filters.agency
        else list(standings(user, filters).filter(stands_still=True).select_related("program", "agency"))
    )
    return sorted(rows, key=lambda row: row.spending.ceremonial_percent or ZERO, reverse=True)


RANKS = [Standing.OFF_TRACK, Standing.AT_RISK, Standing.NO_DATA, Standing.ON_TRACK]  # what to look at first


def ranked(rows: ProgramStandingQuerySet) -> ProgramStandingQuerySet:
    """With what the list can be ordered by."""
    spending = F("ceremonial_rupiah") + F("supporting_rupiah") + F("direct_rupiah")
    return rows.annotate(
        state_rank=Case(*(When(state=state, then=rank) for rank, state in enumerate(RANKS)), default=len(RANKS)),
        absorbed=F("spent_rupiah") * 100 / NullIf(F("budget_rupiah"), Value(ZERO)),
        ceremonial_share=Coalesce(F("ceremonial_rupiah") * 100 / NullIf(spending, Value(ZERO)), Value(ZERO)),
    )


def named(rows: QuerySet[ProgramStanding]) -> QuerySet[ProgramStanding]:
    return rows.select_related("program", "agency", "domain")


@dataclass(frozen=True)
class Sums:
    """Of the programmes listed: what the overview's tiles say of them."""

    programs: int
    budget_rupiah: Decimal
    planned_rupiah: Decimal
    spent_rupiah: Decimal
    ceremonial_rupiah: Decimal


def sums(rows: ProgramStandingQuerySet) -> Sums:
    found = rows.order_by().aggregate(
        programs=Count("pk"), budget_rupiah=Sum("budget_rupiah"), planned_rupiah=Sum("planned_rupiah"),
        spent_rupiah=Sum("spent_rupiah"), ceremonial_rupiah=Sum("ceremonial_rupiah"),
    )  # fmt: skip
    known: dict[str, Any] = {name: value or 0 for name, value in found.items()}
    return Sums(**known)
