"""What the page of the map shows."""

from typing import Any

from accounts.models import User
from dashboards.filters import DashboardFilter
from dashboards.regions import charts
from dashboards.regions.measure_choices import measure_choices
from dashboards.regions.measures import DEFAULT, Measured, measured, places


def chosen_measure(user: User, key: str, filters: DashboardFilter) -> Measured:
    """The one asked for; the SPM index where there is none of that key that this user may see."""
    found = measured(user, key, filters) or measured(user, DEFAULT, filters)
    assert found is not None  # noqa: S101 (the default measure always exists)
    return found


def map_page(user: User, key: str, filters: DashboardFilter) -> dict[str, Any]:
    """One measure: map, table, and each region over time."""
    measure = chosen_measure(user, key, filters)
    ranked = places(measure)
    return {
        "groups": measure_choices(user, filters),
        "key": measure.key,
        "measure": measure,
        "places": ranked,
        "map": charts.measure_map(measure, ranked),
        "multiples": charts.small_multiples(measure, ranked),
    }
