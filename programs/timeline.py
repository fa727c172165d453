"""The way of a report as a timeline: each step, how long it waited for it, and which waited too long."""

import datetime as dt
from dataclasses import dataclass

from programs.choices import ReportState
from programs.models import DeadlineRule, Report, ReportStep

DECISION_DAYS = 3
WAITS = {ReportState.SUBMITTED, ReportState.APPROVED}


@dataclass(frozen=True)
class Waited:
    """`step` is None for the wait that is still going on. Days are calendar days."""

    step: ReportStep | None
    days: int
    is_slow: bool


def timeline(report: Report, steps: list[ReportStep], now: dt.datetime) -> list[Waited]:
    """Newest first, as `steps` come. Only waiting for somebody's decision can be slow."""
    allowed = (
        DeadlineRule.objects.filter(kind=report.kind).values_list("decision_days", flat=True).first() or DECISION_DAYS
    )
    found = []
    if report.state in WAITS and steps:
        days = (now - steps[0].at).days
        found.append(Waited(None, days, days > allowed))
    for index, step in enumerate(steps):
        before = steps[index + 1] if index + 1 < len(steps) else None
        days = (step.at - before.at).days if before else 0
        found.append(Waited(step, days, days > allowed and step.from_state in WAITS))
    return found
