"""What is unusual about reports that wait for a decision, so that the usual ones can be approved together."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import shortened
from datasources.choices import Verdict
from programs.deadlines import Calendar
from programs.models import Progress, Recipients, Report, ReportValue, reporting_calendar
from programs.reports.timeline import DECISION_DAYS


@dataclass(frozen=True)
class Summary:
    report: Report
    remarks: list[str]
    waiting_days: int
    is_slow: bool


def summaries(reports: list[Report], now: dt.datetime) -> list[Summary]:
    """One line per report, those with remarks first. Five queries, however many reports."""
    pks = [report.pk for report in reports]
    deviating: dict[int, int] = defaultdict(int)
    warned: dict[int, int] = defaultdict(int)
    for report, verdict, findings in ReportValue.objects.filter(report__in=pks).values_list(
        "report", "verdict", "findings"
    ):
        deviating[report] += verdict == Verdict.DEVIATES
        warned[report] += bool(findings)
    for model in (Progress, Recipients):
        for report, findings in model.objects.filter(report__in=pks).values_list("report", "findings"):
            warned[report] += bool(findings)
    calendar = reporting_calendar()
    found = []
    for row in reports:
        remarks = _remarks(row, deviating[row.pk], warned[row.pk], calendar)
        since = row.decided_at or row.submitted_at
        days = (now - since).days if since else 0
        found.append(Summary(row, remarks, days, days > DECISION_DAYS))
    return sorted(found, key=lambda item: not item.remarks)


def _remarks(row: Report, deviating: int, warned: int, calendar: Calendar) -> list[str]:
    """What is unusual about a report, in words."""
    remarks = []
    if deviating:
        remarks.append(
            ngettext("%(count)s value deviates", "%(count)s values deviate", deviating) % {"count": deviating}
        )
    if warned:
        remarks.append(
            ngettext("%(count)s explained warning", "%(count)s explained warnings", warned) % {"count": warned}
        )
    if row.submitted_at and calendar.is_late(row.period, timezone.localdate(row.submitted_at)):
        remarks.append(_("sent late"))
    if row.revision:
        text = _("revision %(number)s: %(reason)s")
        remarks.append(text % {"number": row.revision, "reason": shortened(row.revision_reason, 120)})
    return remarks
