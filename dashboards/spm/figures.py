"""The SPM page's figures: services × regions at the end of a period, the change since the one before, money beside the gap.

Figures count from January on, so the index of a quarter or a year is the one of its last month that was entered as fully as any.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from core.models import Region
from core.periods import Period
from programs.models import Program
from programs.validation.rows import spent_of_programs
from spm import index_store
from spm.choices import GovernmentLevel
from spm.index import Band, category
from spm.index_explanation import bands_of, version_of
from spm.models import Domain, IndexValue, ServiceKind
from spm.periods import month_before, month_of


@dataclass(frozen=True)
class Cell:
    value: IndexValue | None
    band: Band | None = None

    @property
    def index(self) -> Decimal | None:
        return self.value.index if self.value else None


@dataclass(frozen=True)
class Line:
    """A domain or a service: the province's cell first, then one per region; `change` in points since the period before.

    `lacking` are the people not yet served in the province, of a service.
    """

    domain: Domain | None
    service: ServiceKind | None
    province: Cell
    cells: list[tuple[Region, Cell]]
    change: Decimal | None = None
    budget: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)

    @property
    def gap(self) -> Decimal | None:
        """Points missing to 100."""
        return None if self.province.index is None else 100 - self.province.index

    @property
    def lacking(self) -> int | None:
        value = self.province.value
        if value is None or value.must_be_served is None or value.served is None:
            return None
        return max(value.must_be_served - value.served, 0)


@dataclass(frozen=True)
class Page:
    """`month` is the one shown for `period`; `before` the one that the change is counted from."""

    period: Period
    month: Period
    before: Period | None
    regions: list[Region]
    total: Line
    lines: list[Line] = field(default_factory=list)
    ranks: list[tuple[Region, Cell]] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    missing: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether the month shown is the last one of the period."""
        return self.month.end == self.period.end

    @property
    def domains(self) -> list[Line]:
        return [line for line in self.lines if not line.service]


def page(period: Period, government: str = GovernmentLevel.PROVINCE) -> Page | None:
    """Ten queries, however many services and regions. None when nothing was entered in the period."""
    month = month_of(period, government)
    if month is None:
        return None
    year = period.year
    bands = bands_of(version_of(year))
    regions = list(Region.objects.regencies())
    values = _values(month, government)
    before = month_before(period, month, government)
    earlier_values = _values(before, government) if before else {}
    province = index_store.province().pk
    budgets = _budgets(year, month)

    def line(domain: Domain | None, service: ServiceKind | None) -> Line:
        key = (domain.pk if domain and not service else None, service.pk if service else None)
        whole = _cell(values.get((province, *key)), bands)
        earlier = earlier_values.get((province, *key))
        change = None
        if whole.index is not None and earlier is not None and earlier.index is not None:
            change = whole.index - earlier.index
        budget, spent = budgets.get((key[0], key[1]), (Decimal(0), Decimal(0)))
        cells = [(region, _cell(values.get((region.pk, *key)), bands)) for region in regions]
        return Line(domain, service, whole, cells, change, budget, spent)

    services = list(ServiceKind.objects.of_level(government).of_year(year).select_related("domain"))
    lines: list[Line] = []
    for domain in Domain.objects.all():
        of_domain = [service for service in services if service.domain_id == domain.pk]
        if of_domain:
            lines.append(line(domain, None))
            lines += [line(domain, service) for service in of_domain]
    total = line(None, None)
    ranks = sorted(
        (entry for entry in total.cells if entry[1].index is not None),
        key=lambda entry: entry[1].index or 0,
        reverse=True,
    )
    missing = sum(1 for each in lines if each.service for _region, cell in each.cells if cell.value is None)
    return Page(period, month, before, regions, total, lines, ranks, bands, missing)


def _values(month: Period, government: str) -> dict[tuple[int, int | None, int | None], IndexValue]:
    """By (region, domain, service); a service's key has no domain, the whole region's has neither."""
    rows = IndexValue.objects.filter(period=month, government=government)
    return {(row.region_id, None if row.service_id else row.domain_id, row.service_id): row for row in rows}


def _cell(value: IndexValue | None, bands: Iterable[Band]) -> Cell:
    return Cell(value, category(value.index, list(bands)) if value is not None else None)


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
