"""What the page of a comparison shows."""

import datetime as dt
from typing import Any, TypeVar

from accounts.models import Agency, User
from core.models import Region
from dashboards.agencies.figures import cached_measures
from dashboards.comparison.lines import lines_of_agencies, lines_of_regions, region_measures
from dashboards.filters import DashboardFilter
from dashboards.reference_lists import reference
from dashboards.regions import charts

Keys = tuple[str, str]
Row = TypeVar("Row", Agency, Region)


def two_agencies(keys: Keys, year: int, version: int, today: dt.date) -> dict[str, Any]:
    agencies = reference().agencies_of(year)
    one, other = pair({str(row.pk): row for row in agencies}, keys)
    return {
        "options": [(str(row.pk), row.label) for row in agencies],
        "one": one,
        "other": other,
        "lines": lines_of_agencies(one, other, year, cached_measures(version, year, today)),
    }


def two_regions(user: User, keys: Keys, filters: DashboardFilter, measure: str) -> dict[str, Any]:
    """`measure` is the key of what is drawn over time; the first for any other."""
    regions = reference().regions
    one, other = pair({row.kemendagri_code: row for row in regions}, keys)
    measures = region_measures(user, filters)
    trend = next((each for each in measures if each.key == measure), measures[0])
    return {
        "options": [(row.kemendagri_code, row.name) for row in regions],
        "one": one,
        "other": other,
        "lines": lines_of_regions(measures, one, other),
        "measures": measures,
        "trend": trend,
        "chart": charts.two_lines(trend, [one, other]),
    }


def pair(rows: dict[str, Row], keys: Keys) -> tuple[Row, Row]:
    """The two that the address names; the first others where it names none, or twice the same."""
    one = rows.get(keys[0]) or next(iter(rows.values()))
    rest = [row for row in rows.values() if row != one]
    other = rows.get(keys[1])
    return one, other if other is not None and other != one else rest[0]
