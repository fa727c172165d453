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
from dashboards import fragment_cache
from dashboards.filters import DashboardFilter
from dashboards.fragment_cache import CachedFragment
from dashboards.models import SummaryState
from dashboards.overview import figures, tabs, tiles
from dashboards.overview.packages import package_figures
from dashboards.overview.tabs import MEASURES
from dashboards.readers import OVERVIEW_ROLES, reader_with

RENDER_TASK = "dashboards.overview.tasks.render_overview"


@dataclass(frozen=True)
class OverviewRequest:
    """Everything that an overview depends on besides the day and the summaries: who sees the same shares it."""

    filters: DashboardFilter
    tab: str
    measure: str
    roles: tuple[Role, ...]
    language: str

    @classmethod
    def of(cls, user: User, filters: DashboardFilter, tab: str, measure: str) -> "OverviewRequest":
        """`tab` is the part shown, `measure` what its map shows; the first for anything else."""
        roles = tuple(role for role in OVERVIEW_ROLES if user.has_role(role))
        return cls(
            filters, tabs.chosen(tab).key, measure if measure in MEASURES else MEASURES[0], roles, get_language() or ""
        )

    @classmethod
    def from_arguments(cls, arguments: fragment_cache.Arguments) -> "OverviewRequest":
        filters, roles = DashboardFilter(**arguments["filters"]), tuple(Role(role) for role in arguments["roles"])
        return cls(filters, arguments.get("tab", ""), arguments["measure"], roles, arguments["language"])

    @property
    def arguments(self) -> fragment_cache.Arguments:
        """As JSON can hold it, for the worker."""
        return asdict(self) | {"roles": [role.value for role in self.roles]}

    def name(self, today: dt.date) -> str:
        return f"overview:{today}:{self.language}:{'-'.join(self.roles)}:{self.filters.key}-{self.tab}-{self.measure}"


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
    """The sums that every part rests on, and what the chosen part needs beside them."""
    user, filters, tab = reader_with(request.roles), request.filters, tabs.chosen(request.tab)
    asked = tabs.Asked(
        user,
        filters,
        request.measure,
        figures.overview(user, filters),
        package_figures(user, filters),
        tiles.headline(user, filters, today),
        user.has_role(Role.GOVERNORS_OFFICE, Role.AUDITOR),
    )
    found = asked.found
    return {
        "filters": filters,
        "tab": tab.key,
        "tabs": [(each.key, each.label) for each in tabs.TABS.values()],
        "tab_template": tab.template,
        "finding": tab.finding(asked),
        "overview": found,
        "total": found.total,
        "states": [(state, count, filters.link("standings", state=state.value)) for state, count in found.states],
        "packages": asked.packages,
        "sees_packages": asked.sees_packages,
        "headline": asked.headline,
        **tab.context(asked),
    }
