"""Home, the governor's overview and the programmes behind it, the page of one OPD, search."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from accounts.models import User
from core.access import Scope, access, roles
from core.choices import AGENCY_ROLES, Role
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from dashboards import status_rule
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter, DashboardFilterForm
from dashboards.fragment_cache import Kept, Work, afterwards, kept
from dashboards.overview import charts, figures, tiles
from dashboards.regions import charts as region_charts
from dashboards.summaries import refresh as summaries

OVERVIEW_READERS = roles(Role.GOVERNORS_OFFICE, Role.VERIFIER, Role.AUDITOR, scope=Scope.PROVINCE)
AGENCY_PAGE_READERS = roles(*AGENCY_ROLES, Role.GOVERNORS_OFFICE, Role.VERIFIER, Role.AUDITOR, scope=Scope.OWN_AGENCY)
MEASURES = ("deviating", "programs")
SHOWN = 10
ORDERS = {  # of the list of standings
    "keadaan": ("state_rank", "agency__name", "program__name"),
    "serapan": ("absorbed", "program__name"),
    "capaian": ("achievement", "program__name"),
    "upacara": ("-ceremonial_share", "program__name"),
    "anggaran": ("-budget_rupiah", "program__name"),
}


@require_safe
@access(OVERVIEW_READERS)
def overview(request: SignedInRequest) -> HttpResponse:
    """One look: SPM, programmes by how they stand, money against results, packages, directives, services, the map."""
    form = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year)
    filters, today = form.dashboard_filter(), timezone.localdate()
    measure = request.GET.get("peta", "")
    measure = measure if measure in MEASURES else MEASURES[0]
    part, work = overview_part(request.user, filters, measure, today)
    context = {"form": form, "filters": filters, "as_of": part.as_of, "part": part}
    return afterwards(render_partial(request, "dashboards/overview/overview.html", "results", context), work)


def overview_part(user: User, filters: DashboardFilter, measure: str, today: dt.date) -> tuple[Kept, Work | None]:
    """What the overview shows; the worker calls this too, so that the page as it opens is there before anybody asks."""
    # Who sees the same, of what, on which day, in which language.
    name = f"overview:{today}:{get_language()}:{'-'.join(sorted(user.roles))}:{filters.key}-{measure}"

    def made() -> str:
        page = overview_page(user, filters, measure, today)
        return render_to_string("dashboards/overview/overview_page.html", page | {"filters": filters})

    return kept(name, summaries.state(), made)


def overview_page(user: User, filters: DashboardFilter, measure: str, today: dt.date) -> dict[str, Any]:
    """Everything on the overview; only worked out when it is not kept."""
    whole = figures.overview(user, filters)
    programs = figures.programs_of(user, filters)
    sees_packages = user.has_role(Role.GOVERNORS_OFFICE, Role.AUDITOR)
    spending = sorted(
        (row for row in whole.agencies if row.total.spending.total),
        key=lambda row: row.total.spending.ceremonial_percent or 0,
        reverse=True,
    )
    return {
        "overview": whole,
        "total": whole.total,
        "states": [(state, count, filters.link("standings", state=state.value)) for state, count in whole.states],
        "state_bar": charts.state_bar(whole, filters),
        "rule": status_rule.rule(),
        "bars": charts.verdict_bars(whole.domains, filters),
        "scatter": charts.scatter(figures.scatter(whole, filters, programs)),
        "regions": whole.regions,
        "map": region_charts.region_map(whole.regions, measure, filters),
        "measure": measure,
        "deviating": figures.deviating(user, filters, SHOWN),
        "packages": figures.package_figures(user, filters),
        "lacking": figures.packages_lacking(user, filters, SHOWN) if sees_packages else [],
        "sees_packages": sees_packages,
        "standing_still": figures.standing_still(user, filters, programs)[:SHOWN],
        "spending": spending[:SHOWN],
        "headline": tiles.headline(user, filters, today),
    }


@require_safe
@access(AGENCY_PAGE_READERS)
def standings(request: SignedInRequest) -> HttpResponse:
    """The programmes behind a figure of the overview: how each stands and why, with the sums."""
    form = DashboardFilterForm(request.GET, year=request.workspace.fiscal_year)
    filters = form.dashboard_filter()
    rows = figures.ranked(figures.standings(request.user, filters))
    state = request.GET.get("state", "")
    state = state if state in Standing.values else ""
    if state:
        rows = rows.filter(state=state)
    order = request.GET.get("urut", "")
    order = order if order in ORDERS else "keadaan"
    context = {
        "form": form,
        "filters": filters,
        "state": state,
        "states": Standing.choices,
        "order": order,
        "rule": status_rule.rule(),
        "as_of": summaries.state().as_of,
        "sums": figures.sums(rows),
        "page": page_of(request, rows.order_by(*ORDERS[order], "pk"), fill=figures.named),
        "kept_filters": kept_filters(request),
    }
    return render_partial(request, "dashboards/overview/standings.html", "results", context)
