"""What is unusual about reports that wait for a decision, so that the usual ones can be approved together."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datasources.choices import Verdict
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
        remarks = []
        if count := deviating[row.pk]:
            remarks.append(ngettext("%(count)s value deviates", "%(count)s values deviate", count) % {"count": count})
        if count := warned[row.pk]:
            remarks.append(
                ngettext("%(count)s explained warning", "%(count)s explained warnings", count) % {"count": count}
            )
        if row.submitted_at and calendar.is_late(row.period, row.submitted_at.date()):
            remarks.append(_("sent late"))
        if row.revision:
            remarks.append(
                _("revision %(number)s: %(reason)s") % {"number": row.revision, "reason": row.revision_reason[:120]}
            )
        since = row.decided_at or row.submitted_at
        days = (now - since).days if since else 0
        found.append(Summary(row, remarks, days, days > DECISION_DAYS))
    return sorted(found, key=lambda item: not item.remarks)
