"""Two regions or two OPD side by side."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import access
from dashboards.comparison import presenters
from dashboards.filters import DashboardFilterForm
from dashboards.models import SummaryState
from dashboards.readers import OVERVIEW_READERS


@require_safe
@access(OVERVIEW_READERS)
def compare(request: SignedInRequest) -> HttpResponse:
    """`?jenis=wilayah&a=64.71&b=64.72` (regions by Kemendagri code) or `?jenis=opd&a=3&b=8` (OPD by key)."""
    filters = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year).dashboard_filter()
    state, of_agencies = SummaryState.current(), request.GET.get("jenis") == "opd"
    context = {"filters": filters, "as_of": state.as_of, "of_agencies": of_agencies}
    keys = request.GET.get("a", ""), request.GET.get("b", "")
    if of_agencies:
        context |= presenters.two_agencies(keys, filters.year, state.version, timezone.localdate())
    else:
        context |= presenters.two_regions(request.user, keys, filters, request.GET.get("ukuran", "")[:40])
    return render(request, "dashboards/comparison/compare.html", context)
