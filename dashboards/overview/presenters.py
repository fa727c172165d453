"""The overview as one cached part: what it depends on, what stands on it, and how reader and worker render it."""

import datetime as dt
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from accounts.models import User
from core.choices import Role
from core.queue import send
from dashboards import fragment_cache, status_rule
from dashboards.filters import DashboardFilter
from dashboards.fragment_cache import CachedFragment
from dashboards.models import SummaryState
from dashboards.overview import charts, figures, tiles
from dashboards.overview.deviations import deviating_values
from dashboards.overview.figures import AgencyRow
from dashboards.overview.packages import package_figures, packages_lacking
from dashboards.overview.spread import spread
from dashboards.overview.standings import programs_of, standing_still
from dashboards.readers import OVERVIEW_ROLES, reader_with

MEASURES = ("deviating", "programs")
SHOWN = 10
RENDER_TASK = "dashboards.overview.tasks.render_overview"


@dataclass(frozen=True)
class OverviewRequest:
    """Everything that an overview depends on besides the day and the summaries: who sees the same shares it."""

    filters: DashboardFilter
    measure: str
    roles: tuple[Role, ...]
    language: str

    @classmethod
    def of(cls, user: User, filters: DashboardFilter, measure: str) -> "OverviewRequest":
        """`measure` is what the map shows; the first for anything else."""
        roles = tuple(role for role in OVERVIEW_ROLES if user.has_role(role))
        return cls(filters, measure if measure in MEASURES else MEASURES[0], roles, get_language() or "")

    @classmethod
    def from_arguments(cls, arguments: fragment_cache.Arguments) -> "OverviewRequest":
        filters, roles = DashboardFilter(**arguments["filters"]), tuple(Role(role) for role in arguments["roles"])
        return cls(filters, arguments["measure"], roles, arguments["language"])

    @property
    def arguments(self) -> fragment_cache.Arguments:
        """As JSON can hold it, for the worker."""
        return asdict(self) | {"roles": [role.value for role in self.roles]}

    def name(self, today: dt.date) -> str:
        return f"overview:{today}:{self.language}:{'-'.join(self.roles)}:{self.filters.key}-{self.measure}"


def overview_fragment(request: OverviewRequest, state: SummaryState, today: dt.date) -> CachedFragment:
    """For a reader: as it is cached, rendered here only where there is nothing to show."""
    name, arguments = request.name(today), request.arguments
    fragment_cache.note_wanted(name, arguments)
    return fragment_cache.cached_fragment(
        name, state, partial(_html, request, today), partial(send, RENDER_TASK, arguments)
    )


def render_for_readers(request: OverviewRequest, state: SummaryState, today: dt.date) -> bool:
    """For the worker. Returns whether there was anything to do."""
    return fragment_cache.render_again(request.name(today), state, partial(_html, request, today))


def _html(request: OverviewRequest, today: dt.date) -> str:
    with override(request.language):
        return render_to_string("dashboards/overview/overview_page.html", overview_page(request, today))


def overview_page(request: OverviewRequest, today: dt.date) -> dict[str, Any]:
    """Everything on the overview."""
    user, filters = reader_with(request.roles), request.filters
    found = figures.overview(user, filters)
    programs = programs_of(user, filters)
    sees_packages = user.has_role(Role.GOVERNORS_OFFICE, Role.AUDITOR)
    return {
        "filters": filters,
        "overview": found,
        "total": found.total,
        "states": [(state, count, filters.link("standings", state=state.value)) for state, count in found.states],
        "state_bar": charts.state_bar(found, filters),
        "rule": status_rule.rule(),
        "bars": charts.verdict_bars(found.domains, filters),
        "scatter": charts.scatter(spread(found, filters, programs)),
        "regions": found.regions,
        "map": charts.region_map(found.regions, request.measure, filters),
        "measure": request.measure,
        "deviating": deviating_values(user, filters, SHOWN),
        "packages": package_figures(user, filters),
        "lacking": packages_lacking(user, filters, SHOWN) if sees_packages else [],
        "sees_packages": sees_packages,
        "standing_still": standing_still(user, filters, programs)[:SHOWN],
        "spending": most_ceremonial(found.agencies)[:SHOWN],
        "headline": tiles.headline(user, filters, today),
    }


def most_ceremonial(agencies: list[AgencyRow]) -> list[AgencyRow]:
    """Those that have spending of a known kind, the highest ceremonial share first."""
    spending = [row for row in agencies if row.total.spending.total]
    return sorted(spending, key=lambda row: row.total.spending.ceremonial_percent or 0, reverse=True)
