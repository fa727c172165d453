"""The dashboard's figures, each with the address of the rows behind it. A constant number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse

from accounts.models import Agency, User
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from dashboards.models import Directive
from datasources.choices import Verdict
from procurement.models import Flag, Package
from programs.deadlines import due_quarters
from programs.models import Program, Report, ReportValue, ReportValueQuerySet
from public_services.choices import DigitalLevel
from public_services.models import PublicService
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import Domain, IndexValue

MONTHS_A_QUARTER = 3


def link(name: str, **filters: object) -> str:
    query = urlencode({key: value for key, value in filters.items() if value not in (None, "")})
    return f"{reverse(name)}?{query}" if query else reverse(name)


@dataclass
class Verdicts:
    matches: int = 0
    explain: int = 0
    deviates: int = 0
    no_reference: int = 0

    @property
    def total(self) -> int:
        return self.matches + self.explain + self.deviates + self.no_reference

    def add(self, verdict: str, count: int) -> None:
        setattr(self, verdict, getattr(self, verdict) + count)


@dataclass
class Cell:
    """One OPD in one domain (or one domain, or one region): what is planned, what is due, what came."""

    programs: int = 0
    budget_rupiah: Decimal = Decimal(0)
    due: int = 0
    delivered: int = 0
    verdicts: Verdicts = field(default_factory=Verdicts)

    @property
    def delivered_percent(self) -> Decimal | None:
        return Decimal(self.delivered) * 100 / self.due if self.due else None

    @property
    def step(self) -> int:
        """1 to 5 on the colour scale, 0 when nothing is due yet."""
        percent = self.delivered_percent
        return 0 if percent is None else min(5, int(percent // 20) + 1)


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
        """Share of the values that could be compared."""
        compared = self.verdicts.total - self.verdicts.no_reference
        return Decimal(self.verdicts.deviates) * 100 / compared if compared else None


@dataclass(frozen=True)
class Overview:
    domains: list[DomainRow]
    agencies: list[AgencyRow]
    total: Cell


Key = tuple[int, int | None]  # (OPD, domain or None)


def overview(user: User, year: int, today: dt.date) -> Overview:
    """Domains, and OPD × domain, from three grouped queries; programmes outside SPM stand in the column None."""
    cells: dict[Key, Cell] = defaultdict(Cell)
    quarters = len(due_quarters(year, today))
    programs = Program.objects.visible_to(user).registered().of_year(year)
    for row in programs.values_list("agency", "service__domain").annotate(Count("pk"), Sum("budget_rupiah")):
        cell = cells[row[0], row[1]]
        cell.programs, cell.budget_rupiah = row[2], row[3]
        cell.due = row[2] * quarters
    over = Q(period__contained_by=Period(year), period__endswith__lte=today + dt.timedelta(days=1))
    reports = Report.objects.visible_to(user).delivered().quarterly().filter(over)
    grouped = reports.values_list("program__agency", "program__service__domain").order_by()
    for agency, domain, count in grouped.annotate(Count("pk")):
        cells[agency, domain].delivered += count
    values = _delivered_values(user, year).values_list(
        "report__program__agency", "report__program__service__domain", "verdict"
    )
    for agency, domain, verdict, count in values.order_by().annotate(Count("pk")):
        cells[agency, domain].verdicts.add(verdict, count)
    domains = list(Domain.objects.all())
    agencies = {row.pk: row for row in Agency.objects.filter(pk__in={agency for agency, _domain in cells})}
    rows = []
    for pk, agency_row in sorted(agencies.items(), key=lambda item: item[1].name):
        own = [(domain, cells.get((pk, domain.pk if domain else None), Cell())) for domain in [*domains, None]]
        rows.append(AgencyRow(agency_row, own, _sum(cell for _domain, cell in own)))
    return Overview(
        domains=[
            DomainRow(domain, _sum(cell for (_agency, key), cell in cells.items() if key == domain.pk))
            for domain in domains
        ],
        agencies=rows,
        total=_sum(cells.values()),
    )


def _sum(parts: Iterable[Cell]) -> Cell:
    total = Cell()
    for part in parts:
        total.programs += part.programs
        total.budget_rupiah += part.budget_rupiah
        total.due += part.due
        total.delivered += part.delivered
        for verdict in Verdict.values:
            total.verdicts.add(verdict, getattr(part.verdicts, verdict))
    return total


def _delivered_values(user: User, year: int) -> ReportValueQuerySet:
    return (
        ReportValue.objects.visible_to(user)
        .delivered()
        .filter(value__isnull=False, report__period__contained_by=Period(year))
    )


def regions(user: User, year: int) -> list[RegionRow]:
    """The ten kab/kota: how many programmes reach them, and how their reported values compare."""
    programs = Program.objects.visible_to(user).registered().of_year(year)
    reached = dict(programs.filter(regions__isnull=False).values_list("regions").order_by().annotate(Count("pk")))
    verdicts: dict[int, Verdicts] = defaultdict(Verdicts)
    for region, verdict, count in (
        _delivered_values(user, year).values_list("region", "verdict").order_by().annotate(Count("pk"))
    ):
        verdicts[region].add(verdict, count)
    return [RegionRow(region, reached.get(region.pk, 0), verdicts[region.pk]) for region in Region.objects.regencies()]


def deviating(user: User, year: int) -> ReportValueQuerySet:
    """Deviating values, the farthest first."""
    return (
        _delivered_values(user, year)
        .deviating()
        .select_related(
            "report__program__agency", "indicator__unit", "indicator__reference_series__source", "region", "reference"
        )
        .order_by("-distance", "pk")
    )


@dataclass(frozen=True)
class SpmNow:
    """The province's newest index of the year; `change` in points since the last month of an earlier quarter."""

    index: Decimal
    month: Period
    change: Decimal | None


@dataclass(frozen=True)
class Headline:
    """What else heads the overview, each with the address of its rows. `flags` are raised and not put aside."""

    spm: SpmNow | None
    directives_late: int
    flags: int
    services: int
    services_full: int


def headline(user: User, year: int, today: dt.date) -> Headline:
    """Four queries."""
    flags = Flag.objects.visible_to(user).ours().raised()
    services = PublicService.objects.visible_to(user)
    counted = services.aggregate(all=Count("pk"), full=Count("pk", filter=Q(digital_level=DigitalLevel.FULL)))
    return Headline(
        spm=_spm_now(year),
        directives_late=Directive.objects.visible_to(user).overdue(today).count(),
        flags=flags.filter(Q(fiscal_year=year) | Q(package__isnull=True)).count(),
        services=counted["all"],
        services_full=counted["full"],
    )


def _spm_now(year: int) -> SpmNow | None:
    rows = list(
        IndexValue.objects.filter(
            level=IndexLevel.REGION,
            government=GovernmentLevel.PROVINCE,
            region__kemendagri_code=PROVINCE_KEMENDAGRI_CODE,
            period__contained_by=Period(year),
            index__isnull=False,
        )
        .order_by("period")
        .values_list("period", "index")
    )
    known = [(period, index) for period, index in rows if period is not None and index is not None]
    if not known:
        return None
    month, index = known[-1]
    quarter = (month.number - 1) // MONTHS_A_QUARTER
    earlier = [value for period, value in known if (period.number - 1) // MONTHS_A_QUARTER < quarter]
    return SpmNow(index, month, index - earlier[-1] if earlier else None)


@dataclass(frozen=True)
class PackageFigures:
    count: int
    ceiling_rupiah: Decimal
    missing: int
    missing_rupiah: Decimal
    worst: list[Package]


def package_figures(user: User, year: int, shown: int) -> PackageFigures:
    rows = Package.objects.visible_to(user).of_year(year)
    missing = rows.filter(pk__in=Package.objects.without_declarations())
    all_rows = rows.aggregate(count=Count("pk"), ceiling=Sum("ceiling_rupiah"))
    lacking = missing.aggregate(count=Count("pk"), ceiling=Sum("ceiling_rupiah"))
    worst = list(missing.select_related("agency").order_by("-ceiling_rupiah")[:shown])
    return PackageFigures(
        all_rows["count"], all_rows["ceiling"] or Decimal(0), lacking["count"], lacking["ceiling"] or Decimal(0), worst
    )
