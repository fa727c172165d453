"""The map of the ten kab/kota for any measure."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import access
from core.htmx import render_partial
from dashboards.filters import DashboardFilterForm
from dashboards.models import SummaryState
from dashboards.readers import AGENCY_PAGE_READERS, OVERVIEW_READERS
from dashboards.regions.presenters import map_page


@require_safe
@access(AGENCY_PAGE_READERS)
def region_map(request: SignedInRequest) -> HttpResponse:
    """`?ukuran=` names the measure."""
    form = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year)
    filters = form.dashboard_filter()
    context = {
        "form": form,
        "filters": filters,
        "as_of": SummaryState.current().as_of,
        "may_compare": OVERVIEW_READERS.admits(request.user),
    }
    context |= map_page(request.user, request.GET.get("ukuran", "")[:40], filters)
    return render_partial(request, "dashboards/regions/map.html", "results", context)
