"""The annex of a weekly briefing: one entry per OPD."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.formats import day as date_text
from core.numbers import format_number
from dashboards.agencies import figures as agency_figures
from dashboards.agencies.figures import Measure
from dashboards.briefings.gathered import Gathered, cut
from dashboards.choices import Standing
from dashboards.early_warnings import messages as warning_messages
from dashboards.models import Directive
from dashboards.overview.figures import AgencyRow

ANNEX_DIRECTIVES, ANNEX_WARNINGS = 4, 3


def annex(now: Gathered) -> list[dict[str, Any]]:
    """One entry per OPD that has programmes or packages this year."""
    everything = agency_figures.measured(now.year, now.today)
    owed = agency_figures.owed(now.year, now.today, everything)
    directives, warnings = _directives_by_agency(), _warnings_by_agency(now)
    return [
        {
            "agency": row.agency.name,
            "states": _states(row),
            "rows": _measures(agency_figures.measures(row.agency, now.year, everything)),
            "directives": directives.get(row.agency.pk, [])[:ANNEX_DIRECTIVES],
            "warnings": warnings.get(row.agency.pk, [])[:ANNEX_WARNINGS],
            "to_do": owed.get(row.agency.pk, []),
        }
        for row in now.overview.agencies
    ]


def _directives_by_agency() -> dict[int, list[str]]:
    """The open ones, the most urgent first."""
    found: dict[int, list[str]] = {}
    for row in Directive.objects.open().order_by("due_on"):
        text = f"{row.number_text} · {date_text(row.due_on)}: {cut(row.text)}"
        found.setdefault(row.agency_id, []).append(text)
    return found


def _warnings_by_agency(now: Gathered) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    for row in now.warnings:
        found.setdefault(row.agency_id, []).append(cut(f"{row.subject}: {warning_messages.reason(row)}"))
    return found


def _states(row: AgencyRow) -> str:
    return ", ".join(f"{row.total.states[state]} {state.label}" for state in Standing if row.total.states[state])


def _measures(measures: list[Measure]) -> list[list[str]]:
    """(label, value, median, how the two compare), of those that there are."""
    words = {"better": _("better"), "worse": _("worse")}
    return [
        [
            each.label,
            _with_unit(each.value, each.unit),
            _with_unit(each.median, each.unit),
            words.get(each.standing, ""),
        ]
        for each in measures
        if each.value is not None
    ]


def _with_unit(value: Decimal | None, unit: str) -> str:
    return "–" if value is None else f"{format_number(value, 1)}{unit}"
