"""Reported values that deviate the farthest."""

from accounts.models import User
from dashboards.filters import DashboardFilter
from dashboards.reference_lists import reference
from programs.models import ReportValue


def deviating_values(user: User, filters: DashboardFilter, shown: int) -> list[ReportValue]:
    """Deviating values, the farthest first. One query; the names that are kept are put in afterwards.

    No more than eight tables are joined: of more, PostgreSQL no longer looks for the order in which to join them.
    """
    there = ReportValue.objects.visible_to(user).delivered().deviating().filter(value__isnull=False)
    rows = filters.report_values(there).order_by("-distance", "pk")
    farthest = ReportValue.objects.filter(pk__in=rows.values("pk")[:shown]).select_related(
        "report__program", "indicator__reference_series__source", "reference"
    )
    lists, found = reference(), list(farthest.order_by("-distance", "pk"))
    for value in found:
        value.report.program.agency = lists.agency_of[value.report.program.agency_id]
        value.indicator.unit = lists.unit_of[value.indicator.unit_id]
        if value.region_id in lists.region_of:  # or a district, which is asked for when it is shown
            value.region = lists.region_of[value.region_id]
    return found
