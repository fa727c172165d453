"""An early warning in words: why it is raised, what to do next, and what its forecast rests on."""

import datetime as dt

from django.utils.translation import gettext as _

from core.forecasting import ForecastMethod
from dashboards.early_warnings.rules.registry import rule_for
from dashboards.models import EarlyWarning


def reason(row: EarlyWarning) -> str:
    """One sentence with the figures it rests on."""
    return rule_for(row.kind).reason(row.fiscal_year, row.facts)


def next_step(row: EarlyWarning, today: dt.date) -> str:
    """What can still be done on that day; the person decides."""
    return rule_for(row.kind).next_step(row.facts, today)


def how(row: EarlyWarning) -> str:
    """What the forecast rests on; empty for a rule."""
    method, count, finished = (row.facts.get(name) for name in ("way", "seen", "finished"))
    if method is None:
        return ""
    if method == ForecastMethod.CURVES:
        return _("by the curves of %(count)s finished programmes") % {"count": count}
    if method == ForecastMethod.TREND:
        return _("by the trend of %(count)s figures") % {"count": count}
    if finished:
        return _("by %(count)s figures of this year and %(finished)s finished years") % {
            "count": count,
            "finished": finished,
        }
    return _("by %(count)s figures of this year and years as they usually go, until there are finished ones") % {
        "count": count
    }
