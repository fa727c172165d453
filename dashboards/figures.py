"""The overview's figures from the summaries, each with the address of the rows behind it. A constant number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Agency, User
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from dashboards.choices import Standing
from dashboards.models import Directive, OfAgencies, PackageTally, ProgramStanding, ProgramStandingQuerySet, RegionTally
from dashboards.narrowing import Narrowing
from datasources.choices import Verdict
from procurement.models import Package
from programs.impact import Spending
from programs.models import ReportValue, ReportValueQuerySet
from public_services.choices import DigitalLevel
from public_services.models import PublicService
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import Domain, IndexValue

MONTHS_A_QUARTER = 3
HUNDRED = Decimal(100)
ZERO = Decimal(0)
MOST_POINTS = 200
SUMS = {  # fields of a Cell, and what of the standings they are
    "programs": Count("pk"),
    "budget_rupiah": Sum("budget_rupiah"),
    "planned_rupiah": Sum("planned_rupiah"),
    "spent_rupiah": Sum("spent_rupiah"),
    "ceremonial_rupiah": Sum("ceremonial_rupiah"),
    "supporting_rupiah": Sum("supporting_rupiah"),
    "direct_rupiah": Sum("direct_rupiah"),
    "achievement_sum": Sum("achievement"),
    "measured": Count("achievement"),
    "without_evidence": Count("pk", filter=Q(has_evidence=False)),
}
OF_STANDINGS = {f"sum_{name}": aggregate for name, aggregate in SUMS.items()}  # no name of a field, says Django


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
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Standing.values, 0))
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
        for name in (*SUMS, "due", "delivered", "revised"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for state, count in other.states.items():
            self.states[state] += count
        for verdict in Verdict.values:
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


Key = tuple[int, int | None]  # (OPD, domain or None)


def standings(user: User, narrow: Narrowing) -> ProgramStandingQuerySet:
    """The programmes in view, one row each, as they stand at the end of the period."""
    return _programs(user, narrow).filter(quarter=narrow.standing_quarter)


def _programs(user: User, narrow: Narrowing) -> ProgramStandingQuerySet:
    rows = ProgramStanding.objects.visible_to(user).filter(fiscal_year=narrow.year)
    if narrow.agency:
        rows = rows.filter(agency=narrow.agency)
    if narrow.domain:
        rows = rows.filter(domain=narrow.domain)
    if narrow.region:
        reaching = RegionTally.objects.filter(
            fiscal_year=narrow.year, region=narrow.region, quarter=narrow.standing_quarter, reaches=True
        )
        rows = rows.filter(program__in=reaching.values("program"))
    return rows


def overview(user: User, narrow: Narrowing) -> Overview:
    """Domains, and OPD × domain, from two grouped queries (three with a region) and two for the names."""
    cells: dict[Key, Cell] = defaultdict(Cell)
    grouped = standings(user, narrow).order_by().values_list("agency", "domain", "state").annotate(**OF_STANDINGS)
    for agency, domain, state, *found in grouped:
        sums: dict[str, Any] = {name: value or 0 for name, value in zip(SUMS, found, strict=True)}
        part = Cell(**sums)
        part.states[state] = part.programs
        cells[agency, domain].add(part)
    _count_reports(cells, user, narrow)
    domains = list(Domain.objects.all())
    agencies = {row.pk: row for row in Agency.objects.filter(pk__in={agency for agency, _domain in cells})}
    rows = []
    for pk, agency_row in sorted(agencies.items(), key=lambda item: item[1].name):
        own = [(domain, cells.get((pk, domain.pk if domain else None), Cell())) for domain in [*domains, None]]
        rows.append(AgencyRow(agency_row, own, _sum(cell for _domain, cell in own)))
    total = _sum(cells.values())
    return Overview(
        domains=[
            DomainRow(domain, _sum(cell for (_agency, key), cell in cells.items() if key == domain.pk))
            for domain in domains
        ],
        agencies=rows,
        total=total,
        states=[(state, total.states[state]) for state in Standing],
    )


def _count_reports(cells: dict[Key, Cell], user: User, narrow: Narrowing) -> None:
    """Reports and verdicts of the period; with a region the verdicts on its values alone."""
    verdicts = [Sum(verdict) for verdict in Verdict.values]
    reports = [Sum("due"), Sum("delivered"), Sum("revised")]
    of_period = _programs(user, narrow).filter(quarter__in=narrow.quarters).order_by().values_list("agency", "domain")
    wanted = reports if narrow.region else [*reports, *verdicts]
    for agency, domain, due, delivered, revised, *counts in of_period.annotate(*wanted):
        cell = cells[agency, domain]
        cell.due, cell.delivered, cell.revised = due, delivered, revised
        cell.verdicts = Verdicts(*counts)
    if narrow.region:
        there = _tallies(user, narrow).filter(region=narrow.region)
        for agency, domain, *counts in there.order_by().values_list("agency", "domain").annotate(*verdicts):
            cells[agency, domain].verdicts = Verdicts(*counts)


def _sum(parts: Iterable[Cell]) -> Cell:
    total = Cell()
    for part in parts:
        total.add(part)
    return total


def _tallies(user: User, narrow: Narrowing) -> OfAgencies:
    """Of the period; `visible_to` of programmes decides by OPD, and so does this."""
    rows = RegionTally.objects.visible_to(user).filter(fiscal_year=narrow.year, quarter__in=narrow.quarters)
    if narrow.agency:
        rows = rows.filter(agency=narrow.agency)
    if narrow.domain:
        rows = rows.filter(domain=narrow.domain)
    return rows


def regions(user: User, narrow: Narrowing) -> list[RegionRow]:
    """The ten kab/kota: how many programmes reach them, and how their reported values compare. Two queries."""
    reach = Count("pk", filter=Q(reaches=True, quarter=narrow.standing_quarter))
    grouped = _tallies(user, narrow).order_by().values_list("region")
    found = {
        region: (programs, Verdicts(*counts))
        for region, *counts, programs in grouped.annotate(*(Sum(verdict) for verdict in Verdict.values), reach=reach)
    }
    rows = Region.objects.regencies()
    if narrow.region:
        rows = rows.filter(pk=narrow.region)
    return [RegionRow(region, *found.get(region.pk, (0, Verdicts()))) for region in rows]


def deviating(user: User, narrow: Narrowing) -> ReportValueQuerySet:
    """Deviating values, the farthest first."""
    rows = (
        ReportValue.objects.visible_to(user)
        .delivered()
        .deviating()
        .filter(value__isnull=False, report__period__contained_by=narrow.period)
        .select_related(
            "report__program__agency", "indicator__unit", "indicator__reference_series__source", "region", "reference"
        )
        .order_by("-distance", "pk")
    )
    if narrow.agency:
        rows = rows.filter(report__program__agency=narrow.agency)
    if narrow.domain:
        rows = rows.filter(report__program__service__domain=narrow.domain)
    if narrow.region:
        rows = rows.filter(region=narrow.region)
    return rows


@dataclass(frozen=True)
class SpmNow:
    """The province's newest index of the year; `change` in points since the last month of an earlier quarter."""

    index: Decimal
    month: Period
    change: Decimal | None


@dataclass(frozen=True)
class Headline:
    """What else heads the overview, each with the address of its rows."""

    spm: SpmNow | None
    directives_late: int
    services: int
    services_full: int


def headline(user: User, narrow: Narrowing, today: dt.date) -> Headline:
    """Three queries."""
    services = PublicService.objects.visible_to(user)
    directives = Directive.objects.visible_to(user).overdue(today)
    if narrow.agency:
        services, directives = services.filter(agency=narrow.agency), directives.filter(agency=narrow.agency)
    counted = services.aggregate(all=Count("pk"), full=Count("pk", filter=Q(digital_level=DigitalLevel.FULL)))
    return Headline(
        spm=spm_now(narrow),
        directives_late=directives.count(),
        services=counted["all"],
        services_full=counted["full"],
    )


def spm_now(narrow: Narrowing) -> SpmNow | None:
    """Of the province or the region, of all domains or one, at the end of the period or the newest month before it."""
    rows = IndexValue.objects.filter(
        government=GovernmentLevel.PROVINCE, period__contained_by=Period(narrow.year), index__isnull=False
    ).filter(period__endswith__lte=narrow.period.end)
    rows = (
        rows.filter(level=IndexLevel.DOMAIN, domain=narrow.domain)
        if narrow.domain
        else rows.filter(level=IndexLevel.REGION)
    )
    rows = (
        rows.filter(region=narrow.region)
        if narrow.region
        else rows.filter(region__kemendagri_code=PROVINCE_KEMENDAGRI_CODE)
    )
    known = [
        (period, index) for period, index in rows.order_by("period").values_list("period", "index") if index is not None
    ]
    if not known:
        return None
    month, index = known[-1]
    quarter = (month.number - 1) // MONTHS_A_QUARTER
    earlier = [value for period, value in known if (period.number - 1) // MONTHS_A_QUARTER < quarter]
    return SpmNow(index, month, index - earlier[-1] if earlier else None)


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


def package_figures(user: User, narrow: Narrowing) -> PackageFigures:
    """One query over the tallies. Packages have neither quarter nor region of their own."""
    rows = PackageTally.objects.visible_to(user).filter(fiscal_year=narrow.year)
    if narrow.agency:
        rows = rows.filter(agency=narrow.agency)
    if narrow.domain:
        rows = rows.filter(domain=narrow.domain)
    sums = rows.aggregate(**{name: Sum(name) for name in PACKAGE_SUMS})
    return PackageFigures(**{name: value for name, value in sums.items() if value is not None})


def packages_lacking(user: User, narrow: Narrowing, shown: int) -> list[Package]:
    """Without complete declarations, the largest first."""
    rows = Package.objects.visible_to(user).of_year(narrow.year).without_declarations().select_related("agency")
    if narrow.agency:
        rows = rows.filter(agency=narrow.agency)
    if narrow.domain:
        rows = rows.filter(program__service__domain=narrow.domain)
    return list(rows.order_by("-ceiling_rupiah", "pk")[:shown])


def standing_still(user: User, narrow: Narrowing) -> list[ProgramStanding]:
    """Programmes that spend, a tenth or more on ceremony, while no outcome moves; the most ceremonial first."""
    rows = list(standings(user, narrow).filter(stands_still=True).select_related("program", "agency"))
    return sorted(rows, key=lambda row: row.spending.ceremonial_percent or ZERO, reverse=True)


@dataclass(frozen=True)
class Point:
    """One circle of the scatter: absorption and achievement in per cent, budget in Rp, and where it leads."""

    name: str
    absorbed: Decimal
    achieved: Decimal
    budget_rupiah: Decimal
    url: str


def scatter(user: User, narrow: Narrowing, whole: Overview) -> list[Point]:
    """OPD by what they spent and what came of it; the programmes of one OPD once it is chosen. No query, or one."""
    if narrow.agency:
        rows = standings(user, narrow).filter(
            spent_rupiah__isnull=False, achievement__isnull=False, budget_rupiah__gt=0
        )
        return [
            Point(
                row.program.name,
                row.spent_percent or ZERO,
                row.achievement or ZERO,
                row.budget_rupiah,
                row.program.get_absolute_url(),
            )
            for row in rows.select_related("program").order_by("-budget_rupiah")[:MOST_POINTS]
        ]
    found = []
    for row in whole.agencies:
        absorbed, achieved = row.total.spent_percent, row.total.achievement
        if absorbed is not None and achieved is not None:
            url = narrow.link("standings", agency=row.agency.pk)
            found.append(Point(row.agency.short_name, absorbed, achieved, row.total.budget_rupiah, url))
    return found


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
