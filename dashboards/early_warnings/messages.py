"""An early warning in words: why it is raised, and what to do next."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.forecasting import Method
from core.formats import period as period_text
from core.numbers import format_number
from core.periods import Period, PeriodKind
from dashboards.choices import WarningKind
from dashboards.early_warnings.rules import CONTRACT_BY, LOW_ABSORPTION, REACHED
from dashboards.models import EarlyWarning
from procurement.choices import Method as ProcurementMethod


def reason(row: EarlyWarning) -> str:
    """One sentence with the figures it rests on."""
    facts = row.facts
    if row.kind == WarningKind.ABSORPTION:
        month = period_text(Period(row.fiscal_year, PeriodKind.MONTH, facts["month"]))
        said = {"now": _n(facts["now"]), "month": month, "limit": _n(LOW_ABSORPTION)}
        return _(
            "%(now)s per cent spent up to %(month)s; %(value)s per cent expected at the end of the year (%(low)s to %(high)s), less than %(limit)s."
        ) % (said | _expected(facts))
    if row.kind == WarningKind.ACHIEVEMENT:
        quarter = period_text(Period(row.fiscal_year, PeriodKind.QUARTER, facts["quarter"]))
        said = {"now": _n(facts["now"]), "quarter": quarter, "limit": _n(REACHED)}
        return _(
            "%(now)s per cent of the target in %(quarter)s; %(value)s per cent expected at the end of the year (%(low)s to %(high)s), less than %(limit)s."
        ) % (said | _expected(facts))
    if row.kind == WarningKind.LATE:
        quarter = period_text(Period(row.fiscal_year, PeriodKind.QUARTER, facts["quarter"]))
        return _("%(count)s reports of %(quarter)s are missing, %(days)s days after the last day.") % {
            "count": _n(facts["count"]), "quarter": quarter, "days": _n(facts["days"]),
        }  # fmt: skip
    if row.kind == WarningKind.STALLED:
        until, last = dt.date.fromisoformat(facts["until"]), dt.date(row.fiscal_year, *CONTRACT_BY)
        return _("%(count)s packages (%(method)s) need about %(days)s days up to the contract: until %(until)s, later than %(last)s.") % {
            "count": _n(facts["count"]), "method": ProcurementMethod(facts["method"]).label, "days": _n(facts["days"]),
            "until": f"{until:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}",
        }  # fmt: skip
    if row.kind == WarningKind.REFERENCE:
        return _("The official figure went from %(before)s to %(now)s in %(year)s: worse, after it had not been before.") % {
            "before": _n(facts["before"], 2), "now": _n(facts["now"], 2), "year": facts["year"],
        }  # fmt: skip
    month = period_text(Period(row.fiscal_year, PeriodKind.MONTH, facts["month"]))
    return _("Index %(now)s in %(month)s; %(value)s expected in December (%(low)s to %(high)s), target %(target)s.") % (
        {"now": _n(facts["now"]), "month": month, "target": _n(facts["target"])} | _expected(facts)
    )


def next_step(row: EarlyWarning) -> str:
    """What usually helps; the person decides."""
    return {
        WarningKind.ABSORPTION: _("Go through the sub-activities with the lowest spending with the OPD; shift what cannot be spent before the changed budget."),
        WarningKind.ACHIEVEMENT: _("Ask the OPD which activity moves this outcome, and what it changes in the coming quarter."),
        WarningKind.LATE: _("Call the head of the OPD; a stand-in may send the reports."),
        WarningKind.STALLED: _("Announce now or choose a shorter method where the rules allow; else move the package to next year."),
        WarningKind.REFERENCE: _("Check with BPS and the OPD what lies behind it, and whether the programme reaches those who need it."),
        WarningKind.SPM: _("Look at who is not served yet and where; move people and money there first."),
    }[WarningKind(row.kind)]  # fmt: skip


def how(row: EarlyWarning) -> str:
    """What the forecast rests on; empty for a rule."""
    way, seen = row.facts.get("way"), row.facts.get("seen")
    if way == Method.FINISHED_YEARS:
        return _("by the curves of %(count)s finished programmes") % {"count": seen}
    return _("by the trend of %(count)s figures") % {"count": seen} if way == Method.TREND else ""


def _expected(facts: dict[str, Any]) -> dict[str, str]:
    return {name: _n(facts[name]) for name in ("value", "low", "high")}


def _n(value: float, decimals: int | None = None) -> str:
    if isinstance(value, int):
        return format_number(value)
    return format_number(
        Decimal(str(round(value, 2 if decimals is None else decimals))), 1 if decimals is None else decimals
    )
