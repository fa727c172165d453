"""Home, the governor's overview, search."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles, signed_in
from core.choices import Role
from core.htmx import render_partial
from core.periods import Period
from dashboards import charts, figures
from dashboards.finding import find
from dashboards.worklist import worklist
from programs import impact
from programs.models import Program, Report

OVERVIEW_READERS = roles(Role.GOVERNORS_OFFICE, Role.VERIFIER, Role.AUDITOR, scope=Scope.PROVINCE)
MEASURES = ("deviating", "programs")
SHOWN = 10


@require_safe
@access(signed_in(Scope.OWN))
def home(request: SignedInRequest) -> HttpResponse:
    """What is due, returned, missing."""
    groups = worklist(request.user, request.desk.fiscal_year, timezone.localdate())
    agency = request.desk.agency
    context = {
        "groups": groups,
        "sees_overview": OVERVIEW_READERS.admits(request.user),
        "may_add": agency is not None and request.user.operates(agency.pk),
    }
    return render(request, "dashboards/home.html", context)


@require_safe
@access(OVERVIEW_READERS)
def overview(request: SignedInRequest) -> HttpResponse:
    """Six SPM domains, OPD × domain, the map, deviating indicators, packages without declarations."""
    user, year = request.user, request.desk.fiscal_year
    measure = request.GET.get("peta", "")
    measure = measure if measure in MEASURES else MEASURES[0]
    region_rows = figures.regions(user, year)
    context: dict[str, Any] = {
        "measure": measure,
        "regions": region_rows,
        "map": charts.region_map(region_rows, measure),
    }
    if request.headers.get("HX-Request") != "true":
        whole = figures.overview(user, year, timezone.localdate())
        deviating = figures.deviating(user, year)
        programs = Program.objects.visible_to(user).registered().of_year(year)
        context |= {
            "overview": whole,
            "bars": charts.verdict_bars(whole.domains),
            "deviating": deviating[:SHOWN],
            "packages": figures.package_figures(user, year, SHOWN),
            "without_evidence": programs.without_evidence().count(),
            "revised": Report.objects.visible_to(user)
            .delivered()
            .filter(period__contained_by=Period(year), revision__gt=0)
            .count(),
            "standing_still": impact.standing_still(programs, year)[:SHOWN],
            "spending": impact.spending_by_agency(programs)[:SHOWN],
            "sees_packages": user.has_role(Role.GOVERNORS_OFFICE, Role.AUDITOR),
            "headline": figures.headline(user, year, timezone.localdate()),
            "today": timezone.localdate(),
        }
    return render_partial(request, "dashboards/overview.html", "map", context)


@require_safe
@access(signed_in(Scope.PROVINCE))
def search(request: SignedInRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100].strip()
    return render(request, "dashboards/search.html", {"words": words, "found": find(request.user, words)})
