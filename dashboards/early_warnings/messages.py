"""An early warning in words: why it is raised, what to do next, and what its forecast rests on."""

from django.utils.translation import gettext as _

from core.forecasting import ForecastMethod
from dashboards.early_warnings.rules.registry import rule_for
from dashboards.models import EarlyWarning


def reason(row: EarlyWarning) -> str:
    """One sentence with the figures it rests on."""
    return rule_for(row.kind).reason(row.fiscal_year, row.facts)


def next_step(row: EarlyWarning) -> str:
    """What usually helps; the person decides."""
    return rule_for(row.kind).next_step()


def how(row: EarlyWarning) -> str:
    """What the forecast rests on; empty for a rule."""
    method, count = row.facts.get("way"), row.facts.get("seen")
    if method == ForecastMethod.FINISHED_YEARS:
        return _("by the curves of %(count)s finished programmes") % {"count": count}
    return _("by the trend of %(count)s figures") % {"count": count} if method == ForecastMethod.TREND else ""
