"""The parts of the overview, one question each: its finding in a sentence, and what its page needs beside the sums."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from core.formats import change, number, percent
from core.formats import period as period_text
from dashboards import status_rule
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.overview import charts
from dashboards.overview.deviations import deviating_values
from dashboards.overview.figures import AgencyRow, Overview
from dashboards.overview.packages import PackageFigures, packages_lacking
from dashboards.overview.spread import spread
from dashboards.overview.standings import programs_of, standing_still
from dashboards.overview.tiles import Headline

SHOWN, FEW = 10, 6  # rows of a list; of one whose rows are high
MEASURES = ("deviating", "programs")


@dataclass(frozen=True)
class Asked:
    """What every part may rest on; `measure` is what the map shows."""

    user: User
    filters: DashboardFilter
    measure: str
    found: Overview
    packages: PackageFigures
    headline: Headline
    sees_packages: bool


@dataclass(frozen=True)
class Tab:
    key: str
    label: Promise
    finding: Callable[[Asked], str]
    context: Callable[[Asked], dict[str, Any]]

    @property
    def template(self) -> str:
        return f"dashboards/overview/tabs/{self.key}.html"


def most_ceremonial(agencies: list[AgencyRow]) -> list[AgencyRow]:
    """Those that have spending of a known kind, the highest ceremonial share first."""
    spending = [row for row in agencies if row.total.spending.total]
    return sorted(spending, key=lambda row: row.total.spending.ceremonial_percent or 0, reverse=True)


def _programs(asked: Asked) -> dict[str, Any]:
    programs = programs_of(asked.user, asked.filters)
    return {
        "state_bar": charts.state_bar(asked.found, asked.filters),
        "rule": status_rule.rule(),
        "scatter": charts.scatter(spread(asked.found, asked.filters, programs)),
        "standing_still": standing_still(asked.user, asked.filters, programs)[:SHOWN],
    }


def _programs_found(asked: Asked) -> str:
    total = asked.found.total
    behind = total.states[Standing.OFF_TRACK] + total.states[Standing.AT_RISK]
    if not total.programs:
        return _("No programme is registered in this selection.")
    return _("%(behind)s of %(programs)s programmes are off track or at risk") % {
        "behind": number(behind),
        "programs": number(total.programs),
    }


def _spm_found(asked: Asked) -> str:
    now = asked.headline.spm
    if now is None:
        return _("No month of the minimum services has been entered in this selection")
    said = {"index": number(now.index, 2), "month": period_text(now.month)}
    if now.change is None:
        return _("The SPM index is %(index)s in %(month)s") % said
    return _("The SPM index is %(index)s in %(month)s, %(change)s since the same month of the year before") % (
        said | {"change": change(now.change)}
    )


def _budget_found(asked: Asked) -> str:
    total = asked.found.total
    if total.spent_percent is None:
        return _("No spending has been reported in this selection")
    return _("%(spent)s of the budget is spent; ceremony takes %(ceremony)s of the budget lines") % {
        "spent": percent(total.spent_percent),
        "ceremony": percent(total.spending.ceremonial_percent),
    }


def _procurement_found(asked: Asked) -> str:
    if not asked.sees_packages:
        return _("Packages")
    return _("%(missing)s of %(packages)s packages lack declarations; %(flags)s red flags ask for a look") % {
        "missing": number(asked.packages.missing),
        "packages": number(asked.packages.packages),
        "flags": number(asked.packages.flags),
    }


def _regions_found(asked: Asked) -> str:
    known = [row for row in asked.found.regions if row.deviating_percent is not None]
    worst = max(known, key=lambda row: row.deviating_percent or 0, default=None)
    if worst is None or not worst.verdicts.deviates:
        return _("In no regency or city does a reported value deviate")
    return _("Reported values deviate most in %(region)s: %(percent)s of those compared") % {
        "region": worst.region.name,
        "percent": percent(worst.deviating_percent, 0),
    }


def _data_found(asked: Asked) -> str:
    verdicts = asked.found.total.verdicts
    return _("%(deviates)s of %(total)s reported values deviate from official figures") % {
        "deviates": number(verdicts.deviates),
        "total": number(verdicts.total),
    }


TABS = {
    tab.key: tab
    for tab in (
        Tab("program", _lazy("Programmes"), _programs_found, _programs),
        Tab("spm", _lazy("SPM"), _spm_found, lambda a: {"bars": charts.verdict_bars(a.found.domains, a.filters)}),
        Tab(
            "budget",
            _lazy("Budget"),
            _budget_found,
            lambda a: {"spending": most_ceremonial(a.found.agencies)[:SHOWN]},
        ),
        Tab(
            "procurement",
            _lazy("Procurement"),
            _procurement_found,
            lambda a: {"lacking": packages_lacking(a.user, a.filters, SHOWN) if a.sees_packages else []},
        ),
        Tab(
            "regions",
            _lazy("Regions"),
            _regions_found,
            lambda a: {
                "regions": a.found.regions,
                "map": charts.region_map(a.found.regions, a.measure, a.filters),
                "measure": a.measure,
            },
        ),
        Tab("data", _lazy("Data"), _data_found, lambda a: {"deviating": deviating_values(a.user, a.filters, FEW)}),
    )
}
FIRST = "program"


def chosen(key: str) -> Tab:
    """The part of a key that stands in the address; the first for anything else."""
    return TABS.get(key) or TABS[FIRST]
