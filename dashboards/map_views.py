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
from dashboards import agency_page, map_charts, mapping, summaries
from dashboards.narrowing import NarrowForm
from dashboards.reference import reference
from dashboards.views import AGENCY_PAGE_READERS, OVERVIEW_READERS

Row = TypeVar("Row", Agency, Region)


@require_safe
@access(AGENCY_PAGE_READERS)
def region_map(request: SignedInRequest) -> HttpResponse:
    """One measure: map, table, and each region over time."""
    form = NarrowForm(request.GET, year=request.desk.fiscal_year)
    narrow = form.narrowing()
    as_of = summaries.state()
    key = request.GET.get("ukuran", "")[:40] or mapping.DEFAULT
    measure = mapping.measured(request.user, key, narrow)
    if measure is None:
        key = mapping.DEFAULT
        measure = mapping.measured(request.user, key, narrow)
    assert measure is not None  # noqa: S101 (the default measure always exists)
    places = mapping.places(measure)
    context = {
        "form": form,
        "narrow": narrow,
        "groups": mapping.choices(request.user, narrow),
        "key": key,
        "measure": measure,
        "places": places,
        "map": map_charts.measure_map(measure, places),
        "multiples": map_charts.small_multiples(measure, places),
        "as_of": as_of.as_of,
        "may_compare": OVERVIEW_READERS.admits(request.user),
    }
    return render_partial(request, "dashboards/map.html", "results", context)


@require_safe
@access(OVERVIEW_READERS)
def compare(request: SignedInRequest) -> HttpResponse:
    """`?jenis=wilayah&a=64.71&b=64.72` (regions by Kemendagri code) or `?jenis=opd&a=3&b=8` (OPD by key)."""
    narrow = NarrowForm(request.GET, year=request.desk.fiscal_year).narrowing()
    as_of = summaries.state()
    context: dict[str, Any] = {"narrow": narrow, "as_of": as_of.as_of, "of_agencies": request.GET.get("jenis") == "opd"}
    if context["of_agencies"]:
        agencies = reference().agencies
        one, other = _pair({str(row.pk): row for row in agencies}, request)
        today = timezone.localdate()
        everything = agency_page.kept(as_of.version, narrow.year, today)
        context |= {
            "options": [(str(row.pk), row.name) for row in agencies],
            "one": one,
            "other": other,
            "lines": agency_page.compared(one, other, narrow.year, everything),
        }
        return render(request, "dashboards/compare.html", context)
    regions = reference().regions
    first, second = _pair({row.kemendagri_code: row for row in regions}, request)
    measures = mapping.side_by_side(request.user, narrow)
    key = request.GET.get("ukuran", "")[:40] or mapping.DEFAULT
    trend = next((each for each in measures if each.key == key), measures[0])
    context |= {
        "options": [(row.kemendagri_code, row.name) for row in regions],
        "one": first,
        "other": second,
        "lines": mapping.compared(measures, first, second),
        "measures": measures,
        "trend": trend,
        "chart": map_charts.two_lines(trend, [first, second]),
    }
    return render(request, "dashboards/compare.html", context)


def _pair(rows: dict[str, Row], request: SignedInRequest) -> tuple[Row, Row]:
    """The two that the address names; the first others where it names none, or twice the same."""
    one = rows.get(request.GET.get("a", "")) or next(iter(rows.values()))
    rest = [row for row in rows.values() if row != one]
    other = rows.get(request.GET.get("b", ""))
    return one, other if other is not None and other != one else rest[0]
