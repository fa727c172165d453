"""The verifier's first page, beside what waits: the OPD that have not sent."""

import datetime as dt
from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from core.formats import day
from core.formats import period as period_text
from core.periods import Period
from dashboards.home.blocks import BlockLine, HomeBlock, some_of
from programs import deadlines
from programs.choices import ReportState
from programs.deadlines import Calendar
from programs.models import Report, reporting_calendar
from programs.reports.periods import programs_to_report


def blocks(_user: User, _year: int, today: dt.date) -> list[HomeBlock]:
    calendar = reporting_calendar()
    newest = (deadlines.owed_months(today)[-1:], deadlines.owed_quarters(today)[-1:])
    return [_not_sent(period, today, calendar) for periods in newest for period in periods]


def _not_sent(period: Period, today: dt.date, calendar: Calendar) -> HomeBlock:
    """By OPD, the most first: programmes of which the period's report has not been sent on."""
    sent = Report.objects.filter(period=period, state__in=ReportState.delivered(), revision=0).values("program")
    owing = programs_to_report(None, period).exclude(pk__in=sent).order_by()
    missing = Counter(agency for agency, _program in owing.values_list("agency", "pk"))
    agencies = Agency.objects.with_former().in_bulk(missing)
    deadline, is_late = calendar.deadline(period), calendar.is_late(period, today)
    lines, count = some_of(
        BlockLine(
            agencies[agency].name,
            "",
            reverse("agency-page", args=[agency]),
            ngettext("%(count)s missing", "%(count)s missing", number) % {"count": number},
            "bad" if is_late else "warn",
        )
        for agency, number in sorted(missing.items(), key=lambda item: (-item[1], agencies[item[0]].name))
    )
    words = {"period": period_text(period), "day": day(deadline)}
    return HomeBlock(
        _("Not sent yet: %(period)s") % words,
        "calendar-due",
        _("Every OPD has sent %(period)s.") % words,
        lines,
        count,
        note=_("Due on %(day)s; counted are programmes without a report that was sent on.") % words,
    )
