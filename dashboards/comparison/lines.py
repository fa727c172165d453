"""Two regions or two OPD line by line, beside the median of all."""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from accounts.models import Agency, User
from core.choices import RegionLevel
from core.models import Region
from core.periods import Period
from dashboards.agencies.figures import LOW_IS_GOOD, Values, measure_definitions
from dashboards.filters import DashboardFilter
from dashboards.reference_lists import reference
from dashboards.regions.measures import Measured, series_measure, spm_measure, tally
from datasources.models import Observation, Series
from programs.models import Indicator, Program
from spm.choices import IndexLevel
from spm.models import IndexValue

SERIES_COMPARED = 20


@dataclass(frozen=True)
class ComparisonLine:
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


def region_measures(user: User, filters: DashboardFilter) -> list[Measured]:
    """What two regions are compared by: the indices, the counts, and the official series that programmes rest on.

    Seven queries, however many there are.
    """
    indices: dict[int | None, Measured] = {None: spm_measure(None)}
    indices |= {row.pk: spm_measure(row) for row in reference().domains}
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
    shown = used.filter(Exists(figures_of)).select_related("source").order_by("name")[:SERIES_COMPARED]
    series = {row.pk: series_measure(row) for row in shown}
    figures = Observation.objects.current().filter(
        series__in=series, region__level=RegionLevel.REGENCY, period__startswith__year__lte=filters.year
    )
    for key, region, period, value in figures.order_by("period").values_list("series", "region", "period", "value"):
        series[key].points[region].append((period, value))
    return [*indices.values(), tally(user, filters, "program"), tally(user, filters, "menyimpang"), *series.values()]


def lines_of_regions(measures: Iterable[Measured], one: Region, other: Region) -> list[ComparisonLine]:
    """The measures that one of the two regions has, beside the median of the ten."""
    found = []
    for measure in measures:
        known = [value for region in measure.points if (value := measure.value(region)) is not None]
        left, right = measure.value(one.pk), measure.value(other.pk)
        if left is not None or right is not None:
            found.append(
                ComparisonLine(
                    measure.name,
                    measure.unit,
                    measure.decimals,
                    left,
                    right,
                    statistics.median(known),
                    measure.low_is_good,
                    measure.knows_good,
                    measure.when,
                )
            )
    return found


def lines_of_agencies(one: Agency, other: Agency, year: int, everything: Mapping[str, Values]) -> list[ComparisonLine]:
    """The measures that one of two OPD has, beside the median of all."""
    found = []
    for key, label, unit, _url in measure_definitions(DashboardFilter(year)):
        values = everything[key]
        left, right = values.get(one.pk), values.get(other.pk)
        if left is not None or right is not None:
            median = statistics.median(values.values())
            found.append(ComparisonLine(label, unit, 1, left, right, median, key in LOW_IS_GOOD))
    return found
