"""What the map can show: any SPM index, official series, programme indicator or count, by region and over time.

A measure has a key that stands in the address: `spm`, `spm-3` (a domain), `seri-12`, `indikator-55`, `menyimpang`, `program`.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
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
SERIES_COMPARED = 20
Points = list[tuple[Period, Decimal]]


@dataclass(frozen=True)
class Choice:
    key: str
    name: str


@dataclass(frozen=True)
class ChoiceGroup:
    name: str
    choices: list[Choice]


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


def choices(user: User, filters: DashboardFilter) -> list[ChoiceGroup]:
    """Indices and counts, the official series that have regional figures, the indicators of the OPD chosen. Three queries."""
    groups = [
        ChoiceGroup(
            _("SPM index"),
            [Choice("spm", _("All six domains")), *(Choice(f"spm-{row.pk}", row.name) for row in reference().domains)],
        ),
        ChoiceGroup(
            _("Programmes"),
            [Choice("program", _("Programmes that reach the region")), Choice("menyimpang", _("Deviating values (%)"))],
        ),
    ]
    regional = Observation.objects.current().filter(series=OuterRef("pk"), region__level=RegionLevel.REGENCY)
    series = Series.objects.visible_to(user).filter(Exists(regional), is_active=True).order_by("name")
    if series:
        groups.append(ChoiceGroup(_("Official series"), [Choice(f"seri-{row.pk}", row.name) for row in series]))
    if filters.agency:
        indicators = filters.indicators(_indicators(user))
        found = [Choice(f"indikator-{row.pk}", row.name) for row in indicators.order_by("name")]
        if found:
            groups.append(ChoiceGroup(_("Indicators of the OPD"), found))
    return groups


def _indicators(user: User) -> "QuerySet[Indicator]":
    return Indicator.objects.filter(by_region=True, program__in=Program.objects.visible_to(user)).select_related("unit")


def measured(user: User, key: str, filters: DashboardFilter) -> Measured | None:
    """The measure behind a key; None when there is none of that key that this user may see."""
    kind, _dash, number = key.partition("-")
    pk = whole_number(number, digits=18)
    if kind == "spm" and not number:
        return _spm(None, filters)
    if kind == "spm" and pk is not None:
        domain = next((row for row in reference().domains if row.pk == pk), None)
        return _spm(domain, filters) if domain else None
    if kind == "seri" and pk is not None:
        series = Series.objects.visible_to(user).filter(pk=pk).select_related("source").first()
        return _series(series, filters) if series else None
    if kind == "indikator" and pk is not None:
        indicator = _indicators(user).filter(pk=pk).select_related("program").first()
        return _indicator(user, indicator) if indicator else None
    return _tally(user, filters, key) if key in {"program", "menyimpang"} else None


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
    name = _("SPM index: %(domain)s") % {"domain": domain.name} if domain else _("SPM index of all six domains")
    measure = Measured(f"spm-{domain.pk}" if domain else "spm", name, "", 1, url=reverse("spm"))
    return _gather(measure, rows.order_by("period").values_list("region", "period", "index"))


def _series(series: Series, filters: DashboardFilter) -> Measured:
    rows = Observation.objects.current().filter(
        series=series,
        region__level=RegionLevel.REGENCY,
        period__startswith__year__lte=filters.year,
        period__startswith__year__gt=filters.year - YEARS_SHOWN,
    )
    measure = Measured(
        f"seri-{series.pk}",
        series.name,
        series.unit,
        2,
        url=reverse("datasources:series", args=[series.pk]),
        source=str(series.source),
        is_sample=series.source.is_sample,
        knows_good=False,
    )
    return _gather(measure, rows.order_by("period").values_list("region", "period", "value"))


@dataclass(frozen=True)
class Compared:
    """One line of a comparison: the two values, and the middle of all."""

    name: str
    unit: str
    decimals: int
    one: Decimal | None
    other: Decimal | None
    median: Decimal | None
    low_is_good: bool
    knows_good: bool = True
    when: Period | None = None

    @property
    def better(self) -> str:
        """`one`, `other`, or empty when equal, or when it is not known which side is good."""
        if not self.knows_good or self.one is None or self.other is None or self.one == self.other:
            return ""
        return "one" if (self.one < self.other) == self.low_is_good else "other"


def side_by_side(user: User, filters: DashboardFilter) -> list[Measured]:
    """What two regions are compared by: the indices, the counts, and the official series that programmes rest on.

    Seven queries, however many there are.
    """
    domains = {row.pk: row for row in reference().domains}
    indices = {None: Measured("spm", _("SPM index of all six domains"), "", 1, url=reverse("spm"))} | {
        pk: Measured(f"spm-{pk}", _("SPM index: %(domain)s") % {"domain": row.name}, "", 1, url=reverse("spm"))
        for pk, row in domains.items()
    }
    levels = [IndexLevel.REGION, IndexLevel.DOMAIN]
    regional = IndexValue.objects.filter(level__in=levels, index__isnull=False, region__level=RegionLevel.REGENCY)
    rows = filters.index_months(regional)
    for domain, region, period, index in rows.order_by("period").values_list("domain", "region", "period", "index"):
        if index is not None:
            indices[domain].points[region].append((period, index))
    used = Series.objects.visible_to(user).filter(
        Q(pk__in=Indicator.objects.filter(program__fiscal_year=filters.year).values("reference_series"))
        | Q(pk__in=Program.objects.of_year(filters.year).values("evidence_series"))
    )
    figures_of = Observation.objects.current().filter(series=OuterRef("pk"), region__level=RegionLevel.REGENCY)
    series = {
        row.pk: Measured(f"seri-{row.pk}", row.name, row.unit, 2, url=reverse("datasources:series", args=[row.pk]),
                         source=str(row.source), is_sample=row.source.is_sample, knows_good=False)
        for row in used.filter(Exists(figures_of)).select_related("source").order_by("name")[:SERIES_COMPARED]
    }  # fmt: skip
    figures = Observation.objects.current().filter(
        series__in=series, region__level=RegionLevel.REGENCY, period__startswith__year__lte=filters.year
    )
    for key, region, period, value in figures.order_by("period").values_list("series", "region", "period", "value"):
        series[key].points[region].append((period, value))
    return [*indices.values(), _tally(user, filters, "program"), _tally(user, filters, "menyimpang"), *series.values()]


def compared(measures: Iterable[Measured], one: Region, other: Region) -> list[Compared]:
    """The measures that one of the two regions has, beside the median of the ten."""
    found = []
    for measure in measures:
        known = [value for region in measure.points if (value := measure.value(region)) is not None]
        left, right = measure.value(one.pk), measure.value(other.pk)
        if left is not None or right is not None:
            found.append(
                Compared(
                    measure.name, measure.unit, measure.decimals, left, right, statistics.median(known),
                    measure.low_is_good, measure.knows_good, measure.when,
                )
            )  # fmt: skip
    return found


def _indicator(user: User, indicator: Indicator) -> Measured:
    rows = ReportValue.objects.visible_to(user).delivered().filter(
        indicator=indicator, category="", region__level=RegionLevel.REGENCY, value__isnull=False
    )  # fmt: skip
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


def _tally(user: User, filters: DashboardFilter, key: str) -> Measured:
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
class Place:
    """A region on the map's table; `rank` 1 is the best, where it is known which side is good."""

    region: Region
    value: Decimal | None
    change: Decimal | None
    rank: int | None


def places(measure: Measured) -> list[Place]:
    """The ten, in the order of the measure."""
    regions = reference().regions
    values = {region.pk: measure.value(region.pk) for region in regions}
    known = sorted((value for value in values.values() if value is not None), reverse=not measure.low_is_good)
    rows = []
    for region in regions:
        value = values[region.pk]
        rows.append(Place(region, value, measure.change(region.pk), None if value is None else known.index(value) + 1))
    return sorted(rows, key=lambda place: (place.rank is None, place.rank or 0, place.region.kemendagri_code))
