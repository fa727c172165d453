"""The page of one OPD."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import access
from dashboards.agencies import figures as agency_figures
from dashboards.filters import DashboardFilter
from dashboards.models import SummaryState
from dashboards.overview import charts
from dashboards.readers import AGENCY_PAGE_READERS, OVERVIEW_READERS
from dashboards.reference_lists import reference


@require_safe
@access(AGENCY_PAGE_READERS)
def agency(request: SignedInRequest, pk: int) -> HttpResponse:
    """One OPD beside the median of all; heads and operators see their own."""
    row = next((each for each in reference().agencies if each.pk == pk), None)
    if row is None or (not OVERVIEW_READERS.admits(request.user) and pk not in request.user.agency_ids):
        raise Http404
    today, year = timezone.localdate(), request.workspace.fiscal_year
    as_of = SummaryState.current()
    everything = agency_figures.cached_measures(as_of.version, year, today)
    filters = DashboardFilter(year, agency=row.pk)
    page = agency_figures.page(row, year, today, everything)
    context = {
        "agency": row,
        "page": page,
        "today": today,
        "as_of": as_of.as_of,
        "filters": filters,
        "scatter": charts.scatter(page.points),
        "sees_overview": OVERVIEW_READERS.admits(request.user),
    }
    return render(request, "dashboards/agencies/agency.html", context)
