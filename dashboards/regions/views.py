"""The map of the ten kab/kota for any measure, and two regions or two OPD side by side."""

from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from accounts.models import Agency
from core.access import access
from core.htmx import render_partial
from core.models import Region
from dashboards.agencies import figures as agency_figures
from dashboards.filters import DashboardFilterForm
from dashboards.models import SummaryState
from dashboards.readers import AGENCY_PAGE_READERS, OVERVIEW_READERS
from dashboards.reference_lists import reference
from dashboards.regions import charts as region_charts
from dashboards.regions import measures as region_measures

Row = TypeVar("Row", Agency, Region)


@require_safe
@access(AGENCY_PAGE_READERS)
def region_map(request: SignedInRequest) -> HttpResponse:
    """One measure: map, table, and each region over time."""
    form = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year)
    filters = form.dashboard_filter()
    as_of = SummaryState.current()
    key = request.GET.get("ukuran", "")[:40] or region_measures.DEFAULT
    measure = region_measures.measured(request.user, key, filters)
    if measure is None:
        key = region_measures.DEFAULT
        measure = region_measures.measured(request.user, key, filters)
    assert measure is not None  # noqa: S101 (the default measure always exists)
    places = region_measures.places(measure)
    context = {
        "form": form,
        "filters": filters,
        "groups": region_measures.choices(request.user, filters),
        "key": key,
        "measure": measure,
        "places": places,
        "map": region_charts.measure_map(measure, places),
        "multiples": region_charts.small_multiples(measure, places),
        "as_of": as_of.as_of,
        "may_compare": OVERVIEW_READERS.admits(request.user),
    }
    return render_partial(request, "dashboards/regions/map.html", "results", context)


@require_safe
@access(OVERVIEW_READERS)
def compare(request: SignedInRequest) -> HttpResponse:
    """`?jenis=wilayah&a=64.71&b=64.72` (regions by Kemendagri code) or `?jenis=opd&a=3&b=8` (OPD by key)."""
    filters = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year).dashboard_filter()
    as_of = SummaryState.current()
    context: dict[str, Any] = {
        "filters": filters,
        "as_of": as_of.as_of,
        "of_agencies": request.GET.get("jenis") == "opd",
    }
    if context["of_agencies"]:
        agencies = reference().agencies
        one, other = _pair({str(row.pk): row for row in agencies}, request)
        today = timezone.localdate()
        everything = agency_figures.cached_measures(as_of.version, filters.year, today)
        context |= {
            "options": [(str(row.pk), row.name) for row in agencies],
            "one": one,
            "other": other,
            "lines": agency_figures.compared(one, other, filters.year, everything),
        }
        return render(request, "dashboards/regions/compare.html", context)
    regions = reference().regions
    first, second = _pair({row.kemendagri_code: row for row in regions}, request)
    measures = region_measures.side_by_side(request.user, filters)
    key = request.GET.get("ukuran", "")[:40] or region_measures.DEFAULT
    trend = next((each for each in measures if each.key == key), measures[0])
    context |= {
        "options": [(row.kemendagri_code, row.name) for row in regions],
        "one": first,
        "other": second,
        "lines": region_measures.compared(measures, first, second),
        "measures": measures,
        "trend": trend,
        "chart": region_charts.two_lines(trend, [first, second]),
    }
    return render(request, "dashboards/regions/compare.html", context)


def _pair(rows: dict[str, Row], request: SignedInRequest) -> tuple[Row, Row]:
    """The two that the address names; the first others where it names none, or twice the same."""
    one = rows.get(request.GET.get("a", "")) or next(iter(rows.values()))
    rest = [row for row in rows.values() if row != one]
    other = rows.get(request.GET.get("b", ""))
    return one, other if other is not None and other != one else rest[0]
