"""The SPM page's figures: services × regions in one month, the change since the quarter before, money beside the gap."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from core.models import Region
from core.periods import Period, PeriodKind
from programs.judging import spent_of_programs
from programs.models import Program
from spm import computing
from spm.explaining import bands_of, version_of
from spm.index import Band, category
from spm.models import Domain, IndexValue, ServiceKind

QUARTER_MONTHS = 3


@dataclass(frozen=True)
class Cell:
    value: IndexValue | None
    band: Band | None = None

    @property
    def index(self) -> Decimal | None:
        return self.value.index if self.value else None


@dataclass(frozen=True)
class Line:
    """A domain or a service: the province's cell first, then one per region; `change` in points since the quarter before."""

    domain: Domain | None
    service: ServiceKind | None
    province: Cell
    cells: list[tuple[Region, Cell]]
    change: Decimal | None = None
    budget: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)


@dataclass(frozen=True)
class Page:
    month: Period
    regions: list[Region]
    total: Line | None
    lines: list[Line] = field(default_factory=list)
    ranks: list[tuple[Region, Cell]] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    missing: int = 0


def newest_month(year: int) -> Period | None:
    """The last month of the year with an index."""
    found = IndexValue.objects.filter(period__contained_by=Period(year)).order_by("-period").first()
    return found.period if found else None


def page(year: int, month: Period) -> Page:
    """Seven queries, however many services and regions."""
    bands = bands_of(version_of(year))
    regions = list(Region.objects.regencies())
    values = _values(month)
    before = _values(_quarter_before(month))
    province = computing.province().pk
    budgets = _budgets(year, month)

    def line(domain: Domain | None, service: ServiceKind | None) -> Line:
        key = (domain.pk if domain and not service else None, service.pk if service else None)
        cells = {region.pk: _cell(values.get((region.pk, *key)), bands) for region in regions}
        whole = _cell(values.get((province, *key)), bands)
        earlier = before.get((province, *key))
        change = None
        if whole.index is not None and earlier is not None and earlier.index is not None:
            change = whole.index - earlier.index
        budget, spent = budgets.get((key[0], key[1]), (Decimal(0), Decimal(0)))
        return Line(
            domain,
            service,
            whole,
            [(region, cells[region.pk]) for region in regions],
            change,
            budget,
            spent,
        )

    services = list(ServiceKind.objects.provincial().of_year(year).select_related("domain"))
    lines: list[Line] = []
    for domain in Domain.objects.all():
        lines.append(line(domain, None))
        lines += [line(domain, service) for service in services if service.domain_id == domain.pk]
    total = line(None, None)
    ranks = sorted(
        (entry for entry in total.cells if entry[1].index is not None),
        key=lambda entry: entry[1].index or 0,
        reverse=True,
    )
    missing = sum(1 for each in lines if each.service for _region, cell in each.cells if cell.value is None)
    return Page(month, regions, total, lines, ranks, bands, missing)


def _values(month: Period) -> dict[tuple[int, int | None, int | None], IndexValue]:
    """By (region, domain, service); a service's key has no domain, the whole region's has neither."""
    rows = IndexValue.objects.filter(period=month)
    return {(row.region_id, None if row.service_id else row.domain_id, row.service_id): row for row in rows}


def _cell(value: IndexValue | None, bands: Iterable[Band]) -> Cell:
    return Cell(value, category(value.index, list(bands)) if value is not None else None)


def _quarter_before(month: Period) -> Period:
    """The last month of the quarter before."""
    first = (month.number - 1) // QUARTER_MONTHS * QUARTER_MONTHS
    return Period(month.year, PeriodKind.MONTH, first) if first else Period(month.year - 1, PeriodKind.MONTH, 12)


def _budgets(year: int, month: Period) -> dict[tuple[int | None, int | None], tuple[Decimal, Decimal]]:
    """(budget, spent) in Rp of the programmes tied to each service, and to each domain. Block C: nobody types it again."""
    programs = Program.objects.registered().of_year(year).filter(service__isnull=False)
    rows = programs.values("service", "service__domain").annotate(budget=Sum("budget_rupiah"))
    found: dict[tuple[int | None, int | None], tuple[Decimal, Decimal]] = {}
    owners = dict(programs.values_list("pk", "service"))
    spent: dict[int, Decimal] = {}
    for program, (money, _ceiling) in spent_of_programs(owners, month, delivered=True).items():
        service = owners[program]
        assert service is not None  # noqa: S101 (filtered above)
        spent[service] = spent.get(service, Decimal(0)) + money
    for row in rows:
        service, domain = row["service"], row["service__domain"]
        pair = (row["budget"] or Decimal(0), spent.get(service, Decimal(0)))
        found[None, service] = pair
        before = found.get((domain, None), (Decimal(0), Decimal(0)))
        found[domain, None] = (before[0] + pair[0], before[1] + pair[1])
    return found
