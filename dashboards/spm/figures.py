"""The SPM page's figures: services × regions at the end of a period, the change since the same month of the year
before, money beside the gap.

Figures count from January on, so the index of a quarter or a year is the one of its last month that was entered as
fully as any.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from core.formats import EMPTY
from core.models import Region
from core.periods import Period
from programs.models import Program
from programs.validation.rows import spent_of_programs
from spm import index_store
from spm.choices import GovernmentLevel
from spm.index import Band
from spm.index_explanation import bands_of, version_of
from spm.models import Domain, IndexValue, ServiceKind
from spm.periods import month_of, year_before
from spm.standing import band_of, change


@dataclass(frozen=True)
class IndexCell:
    value: IndexValue | None
    band: Band | None = None

    @property
    def index(self) -> Decimal | None:
        return self.value.index if self.value else None

    @property
    def category(self) -> str:
        """The category, or how much is entered; a dash for neither."""
        if self.band:
            return self.band.name
        return (self.value.coverage if self.value else "") or EMPTY


@dataclass(frozen=True)
class Line:
    """A domain or a service: the province's cell first, then one per region; `change` in points since the same month of
    the year before.

    `lacking` are the people not yet served in the province, counted region by region.
    """

    domain: Domain | None
    service: ServiceKind | None
    province: IndexCell
    cells: list[tuple[Region, IndexCell]]
    change: Decimal | None = None
    budget: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)

    @property
    def gap(self) -> Decimal | None:
        """Points missing to 100."""
        return None if self.province.index is None else 100 - self.province.index

    @property
    def lacking(self) -> int | None:
        return None if self.province.value is None else self.province.value.unserved


@dataclass(frozen=True)
class Page:
    """`month` is the one shown for `period`; `before` the one that the change is counted from."""

    period: Period
    month: Period
    before: Period
    regions: list[Region]
    total: Line
    lines: list[Line] = field(default_factory=list)
    ranks: list[tuple[Region, IndexCell]] = field(default_factory=list)
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
    before = year_before(month)
    bands, regions = bands_of(version_of(period.year)), list(Region.objects.regencies())
    maker = _LineMaker(
        values=_values(month, government),
        earlier=_values(before, government),
        budgets=_budgets(period.year, month),
        regions=regions,
        bands=bands,
        province=index_store.province().pk,
    )
    lines, total = _lines(maker, government, period.year), maker.line(None, None)
    missing = sum(1 for each in lines if each.service for _region, cell in each.cells if cell.value is None)
    return Page(period, month, before, regions, total, lines, _ranks(total), bands, missing)


Values = dict[tuple[int, int | None, int | None], IndexValue]  # by (region, domain, service)
Budgets = dict[tuple[int | None, int | None], tuple[Decimal, Decimal]]  # (budget, spent) in Rp by (domain, service)


@dataclass(frozen=True)
class _LineMaker:
    """What every line is read from."""

    values: Values
    earlier: Values
    budgets: Budgets
    regions: list[Region]
    bands: list[Band]
    province: int

    def line(self, domain: Domain | None, service: ServiceKind | None) -> Line:
        key = (domain.pk if domain and not service else None, service.pk if service else None)
        budget, spent = self.budgets.get(key, (Decimal(0), Decimal(0)))
        cells = [(region, _cell(self.values.get((region.pk, *key)), self.bands)) for region in self.regions]
        now, before = self.values.get((self.province, *key)), self.earlier.get((self.province, *key))
        return Line(domain, service, _cell(now, self.bands), cells, change(now, before), budget, spent)


def _lines(maker: _LineMaker, government: str, year: int) -> list[Line]:
    """Each domain that has services, and its services below it."""
    services = list(ServiceKind.objects.of_level(government).of_year(year).select_related("domain"))
    lines: list[Line] = []
    for domain in Domain.objects.all():
        of_domain = [service for service in services if service.domain_id == domain.pk]
        if of_domain:
            lines += [maker.line(domain, None), *(maker.line(domain, service) for service in of_domain)]
    return lines


def _ranks(total: Line) -> list[tuple[Region, IndexCell]]:
    """The regions that have an index, the best first."""
    known = [(region, cell) for region, cell in total.cells if cell.index is not None]
    return sorted(known, key=lambda each: each[1].index or 0, reverse=True)


def _values(month: Period, government: str) -> Values:
    """By (region, domain, service); a service's key has no domain, the whole region's has neither."""
    rows = IndexValue.objects.filter(period=month, government=government)
    return {(row.region_id, None if row.service_id else row.domain_id, row.service_id): row for row in rows}


def _cell(value: IndexValue | None, bands: Iterable[Band]) -> IndexCell:
    return IndexCell(value, band_of(value, bands))


def _budgets(year: int, month: Period) -> Budgets:
    """(budget, spent) in Rp of the programmes tied to each service, and to each domain. Block C: nobody types it
    again."""
    programs = Program.objects.registered().of_year(year).filter(service__isnull=False)
    rows = programs.values("service", "service__domain").annotate(budget=Sum("budget_rupiah"))
    found: Budgets = {}
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
