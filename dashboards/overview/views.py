"""The governor's overview and the programmes behind it."""

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import access
from core.htmx import render_partial
from core.tables import list_response
from dashboards import status_rule
from dashboards.choices import Standing
from dashboards.filters import DashboardFilterForm
from dashboards.models import SummaryState
from dashboards.overview import standings as standing_rows
from dashboards.overview.presenters import OverviewRequest, overview_fragment
from dashboards.overview.tables import StandingTable
from dashboards.readers import AGENCY_PAGE_READERS, OVERVIEW_READERS

WORST_FIRST = ("state_rank", "agency__name", "program__name", "pk")


@require_safe
@access(OVERVIEW_READERS)
def overview(request: SignedInRequest) -> HttpResponse:
    """One look: SPM, programmes by how they stand, money against results, packages, directives, services, the map."""
    form = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year)
    filters = form.dashboard_filter()
    wanted = OverviewRequest.of(request.user, filters, request.GET.get("lihat", ""), request.GET.get("peta", ""))
    part = overview_fragment(wanted, SummaryState.current(), timezone.localdate())
    context = {"form": form, "filters": filters, "as_of": part.as_of, "part": part}
    return render_partial(request, "dashboards/overview/overview.html", "results", context)


@require_safe
@access(AGENCY_PAGE_READERS)
def standings(request: SignedInRequest) -> HttpResponseBase:
    """The programmes behind a figure of the overview: how each stands and why, with the sums."""
    form = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year)
    filters = form.dashboard_filter()
    rows = standing_rows.ranked(standing_rows.standings(request.user, filters))
    state = request.GET.get("state", "")
    state = state if state in Standing.values else ""
    if state:
        rows = rows.filter(state=state)
    sums = standing_rows.sums(rows)
    table = StandingTable(rows.order_by(*WORST_FIRST), request=request, sums=sums, fill=standing_rows.named)
    context = {
        "form": form,
        "filters": filters,
        "state": state,
        "states": Standing.choices,
        "rule": status_rule.rule(),
        "as_of": SummaryState.current().as_of,
        "sums": sums,
    }
    return list_response(request, "dashboards/overview/standings.html", table, context, name="keadaan-program")
