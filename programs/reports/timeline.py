"""The way of a report as a timeline: each step, how long it waited for it, and which waited too long."""

import datetime as dt
from collections.abc import Iterable
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


def last_returns(report_ids: Iterable[int]) -> dict[int, ReportStep]:
    """By report: the step of its last return, with the comments on rows. Two queries."""
    steps = (
        ReportStep.objects.filter(report__in=list(report_ids), to_state=ReportState.RETURNED)
        .order_by("report_id", "-pk")
        .distinct("report_id")
        .prefetch_related("field_comments")
    )
    return {step.report_id: step for step in steps}


def comments_on_rows(steps: Iterable[ReportStep]) -> dict[str, str]:
    """By row, as forms name it: v12, p3, r4."""
    return {comment.row_key: comment.text for step in steps for comment in step.field_comments.all()}


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
