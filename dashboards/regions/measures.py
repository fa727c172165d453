"""What the map can show: any SPM index, official series, programme indicator or count, by region and over time.

A measure has a key that stands in the address: `spm`, `spm-3` (a domain), `seri-12`, `indikator-55`, `menyimpang`,
`program`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.choices import RegionLevel
from core.models import Region
from core.periods import Period, PeriodKind
from core.request_values import whole_number
from dashboards.filters import DashboardFilter
from dashboards.models import RegionTally
from dashboards.reference_lists import reference
from datasources.models import Observation, Series
from programs.models import Indicator, Program, ReportValue
from spm.choices import IndexLevel
from spm.models import Domain, IndexValue

YEARS_SHOWN = 8
DEFAULT = "spm"
Points = list[tuple[Period, Decimal]]


@dataclass
class Measured:
    """One measure of the ten regions. `points` by region, oldest first; `when` is the newest period of any of them."""

    key: str
    name: str
    unit: str
    decimals: int
    points: dict[int, Points] = field(default_factory=lambda: defaultdict(list))
    low_is_good: bool = False
    knows_good: bool = True
    url: str = ""
    source: str = ""
    is_sample: bool = False

    @property
    def when(self) -> Period | None:
        return max((points[-1][0] for points in self.points.values() if points), default=None)

    def value(self, region: int) -> Decimal | None:
        """Of the newest period that any region has; an older figure would not compare."""
        points = self.points.get(region, [])
        return points[-1][1] if points and points[-1][0] == self.when else None

    def change(self, region: int) -> Decimal | None:
        """Since the period before."""
        points = self.points.get(region, [])
        return points[-1][1] - points[-2][1] if len(points) > 1 and self.value(region) is not None else None


def regional_indicators(user: User) -> "QuerySet[Indicator]":
    return Indicator.objects.filter(by_region=True, program__in=Program.objects.visible_to(user)).select_related("unit")


def measured(user: User, key: str, filters: DashboardFilter) -> Measured | None:
    """The measure behind a key; None when there is none of that key that this user may see."""
    if key == DEFAULT:
        return _spm(None, filters)
    if key in {"program", "menyimpang"}:
        return tally(user, filters, key)
    kind, _dash, number = key.partition("-")
    pk, find = whole_number(number, digits=18), BY_KIND.get(kind)
    return find(user, pk, filters) if find is not None and pk is not None else None


def _spm_of_domain(_user: User, pk: int, filters: DashboardFilter) -> Measured | None:
    domain = next((row for row in reference().domains if row.pk == pk), None)
    return _spm(domain, filters) if domain else None


def _series_of_key(user: User, pk: int, filters: DashboardFilter) -> Measured | None:
    series = Series.objects.visible_to(user).filter(pk=pk).select_related("source").first()
    return _series(series, filters) if series else None


def _indicator_of_key(user: User, pk: int, _filters: DashboardFilter) -> Measured | None:
    indicator = regional_indicators(user).filter(pk=pk).select_related("program").first()
    return _indicator(user, indicator) if indicator else None


BY_KIND: dict[str, Callable[[User, int, DashboardFilter], Measured | None]] = {
    "spm": _spm_of_domain,
    "seri": _series_of_key,
    "indikator": _indicator_of_key,
}


def _gather(measure: Measured, rows: Iterable[tuple[int, Period, Decimal | None]]) -> Measured:
    for region, period, value in rows:
        if value is not None:
            measure.points[region].append((period, value))
    return measure


def _spm(domain: Domain | None, filters: DashboardFilter) -> Measured:
    """The months of the year up to the end of the period."""
    level = IndexLevel.DOMAIN if domain else IndexLevel.REGION
    rows = filters.index_months(IndexValue.objects.filter(level=level, region__level=RegionLevel.REGENCY))
    if domain:
        rows = rows.filter(domain=domain)
    return _gather(spm_measure(domain), rows.order_by("period").values_list("region", "period", "index"))


def spm_measure(domain: Domain | None) -> Measured:
    """Still without points."""
    name = _("SPM index: %(domain)s") % {"domain": domain.name} if domain else _("SPM index of all six domains")
    return Measured(f"spm-{domain.pk}" if domain else "spm", name, "", 1, url=reverse("spm"))


def _series(series: Series, filters: DashboardFilter) -> Measured:
    rows = Observation.objects.current().filter(
        series=series,
        region__level=RegionLevel.REGENCY,
        period__startswith__year__lte=filters.year,
        period__startswith__year__gt=filters.year - YEARS_SHOWN,
    )
    return _gather(series_measure(series), rows.order_by("period").values_list("region", "period", "value"))


def series_measure(series: Series) -> Measured:
    """Still without points."""
    return Measured(
        f"seri-{series.pk}",
        series.name,
        series.unit,
        2,
        url=reverse("datasources:series", args=[series.pk]),
        source=str(series.source),
        is_sample=series.source.is_sample,
        knows_good=False,
    )


def _indicator(user: User, indicator: Indicator) -> Measured:
    rows = (
        ReportValue.objects.visible_to(user)
        .delivered()
        .filter(indicator=indicator, category="", region__level=RegionLevel.REGENCY, value__isnull=False)
    )
    measure = Measured(
        f"indikator-{indicator.pk}",
        indicator.name,
        str(indicator.unit),
        2,
        url=indicator.program.get_absolute_url(),
        source=indicator.program.name,
        low_is_good=indicator.direction == "minimise",
    )
    return _gather(measure, rows.order_by("report__period").values_list("region", "report__period", "value"))


def tally(user: User, filters: DashboardFilter, key: str) -> Measured:
    """Quarter by quarter from the summaries; of deviating values only quarters in which any could be compared."""
    regional = RegionTally.objects.visible_to(user).filter(region__level=RegionLevel.REGENCY)
    rows = filters.region_tallies_until_then(regional)
    grouped = rows.order_by("quarter").values("region", "quarter")
    if key == "program":
        measure = Measured(
            key, _("Programmes that reach the region"), "", 0, knows_good=False, url=filters.link("standings")
        )
        found = grouped.filter(reaches=True).annotate(programs=Count("pk"))
        values = [(row["region"], row["quarter"], Decimal(row["programs"])) for row in found]
    else:
        measure = Measured(
            key,
            _("Deviating values, of those that could be compared"),
            "%",
            1,
            low_is_good=True,
            url=filters.link("programs:report-values", verdict="deviates"),
        )
        compared = grouped.annotate(bad=Sum("deviates"), all=Sum(F("matches") + F("explain") + F("deviates")))
        values = [
            (row["region"], row["quarter"], Decimal(row["bad"]) * 100 / row["all"]) for row in compared if row["all"]
        ]
    quarters = {number: Period(filters.year, PeriodKind.QUARTER, number) for number in range(1, 5)}
    return _gather(measure, [(region, quarters[quarter], value) for region, quarter, value in values])


@dataclass(frozen=True)
class RankedRegion:
    """A region on the map's table; `rank` 1 is the best, where it is known which side is good."""

    region: Region
    value: Decimal | None
    change: Decimal | None
    rank: int | None


def places(measure: Measured) -> list[RankedRegion]:
    """The ten, in the order of the measure."""
    regions = reference().regions
    values = {region.pk: measure.value(region.pk) for region in regions}
    known = sorted((value for value in values.values() if value is not None), reverse=not measure.low_is_good)
    rows = []
    for region in regions:
        value = values[region.pk]
        rows.append(
            RankedRegion(region, value, measure.change(region.pk), None if value is None else known.index(value) + 1)
        )
    return sorted(rows, key=lambda place: (place.rank is None, place.rank or 0, place.region.kemendagri_code))
