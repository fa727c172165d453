"""Reminders before and after a deadline, and to those whose decision is waited for: in the portal and by e-mail.

Once per person and day: a second run on the same day says nothing again.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.services import remind
from core.formats import day, period
from core.periods import Period
from programs.choices import ReportState
from programs.deadlines import Calendar, owed_months, owed_quarters, owing_years
from programs.models import DECIDE_REPORT, VERIFY_REPORT, DeadlineRule, Program, Report, reporting_calendar
from programs.reports.periods import owed
from programs.reports.timeline import DECISION_DAYS

REMIND_BEFORE, REMIND_EVERY = 3, 3


@dataclass
class Rules:
    calendar: Calendar
    before: dict[str, int] = field(default_factory=dict)
    every: dict[str, int] = field(default_factory=dict)
    decision: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Rules":
        rows = list(DeadlineRule.objects.all())
        return cls(
            reporting_calendar(),
            {row.kind: row.remind_before for row in rows},
            {row.kind: row.remind_every for row in rows},
            {row.kind: row.decision_days for row in rows},
        )

    def is_day(self, when: Period, today: dt.date) -> bool:
        """On the day `remind_before` days ahead, on the last day itself, and every few days when late."""
        left = (self.calendar.deadline(when) - today).days
        if left >= 0:
            return left in {0, self.before.get(when.kind, REMIND_BEFORE)}
        return -left % self.every.get(when.kind, REMIND_EVERY) == 1 or self.every.get(when.kind) == 1


def send_reminders(today: dt.date) -> int:
    """Tell operators what is due, heads and verifiers what waits for them; returns how many people were told."""
    rules = Rules.load()
    told = 0
    programs = Program.objects.registered().filter(fiscal_year__in=owing_years(today))
    agencies = Agency.objects.with_former().filter(pk__in=programs.values("agency"))
    for item in owed(agencies, [*owed_months(today), *owed_quarters(today)]):
        if not rules.is_day(item.period, today):
            continue
        due = rules.calendar.deadline(item.period)
        values = {"count": item.missing, "period": period(item.period), "day": day(due)}
        if today > due:
            text = _("%(count)s reports of %(period)s are missing; they were due on %(day)s.") % values
        else:
            text = _("%(count)s reports of %(period)s are due on %(day)s.") % values
        told += remind(
            User.objects.operators_of(item.agency), text, reverse("programs:entry", args=[str(item.period)]), today
        )
    return told + _remind_deciders(rules, today)


def _remind_deciders(rules: Rules, today: dt.date) -> int:
    told = 0
    limit = today - dt.timedelta(days=min(rules.decision.values(), default=DECISION_DAYS))
    slow = Report.objects.filter(
        Q(state=ReportState.SUBMITTED, submitted_at__date__lt=limit)
        | Q(state=ReportState.APPROVED, decided_at__date__lt=limit)
    ).select_related("program__agency")
    to_decide: Counter[int] = Counter()
    to_verify: Counter[int] = Counter()
    for report in slow:
        act, counts = (
            (DECIDE_REPORT, to_decide) if report.state == ReportState.SUBMITTED else (VERIFY_REPORT, to_verify)
        )
        counts.update(act.deciders(report.pk, report.program.agency_id))
    url = reverse("programs:decisions")
    for person, count in to_decide.items():
        text = _("%(count)s reports wait for your decision longer than agreed.") % {"count": count}
        told += remind(User.objects.filter(pk=person), text, url, today)
    for person, count in to_verify.items():
        text = _("%(count)s approved reports wait for verification longer than agreed.") % {"count": count}
        told += remind(User.objects.filter(pk=person), text, url, today)
    return told
