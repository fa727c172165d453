"""A whole period of an OPD at once: opening its reports, sending what is complete."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Agency, User
from core import audit
from core.periods import Period
from programs import services
from programs.entering import programs_to_report
from programs.models import Report


@transaction.atomic
def open_period(*, agency: Agency, period: Period, by: User) -> int:
    """Make the reports of a period with their rows; returns how many are new. Twice is once."""
    made = 0
    for program in programs_to_report(agency, period).order_by("pk"):
        if not Report.objects.filter(program=program, period=period).exists():
            made += 1
        services.open_report(program=program, period=period, by=by)
    return made


@dataclass
class Sent:
    """What sending a whole period came to: reports sent, and reports that have to wait, with the reasons."""

    sent: list[Report]
    waiting: list[tuple[Report, services.NotReady]]


def send_period(*, reports: Iterable[Report], by: User) -> Sent:
    """Send every report that is complete; each by itself, so that one incomplete keeps nobody waiting."""
    result = Sent([], [])
    for report in reports:
        try:
            result.sent.append(services.send_report(pk=report.pk, by=by))
        except services.NotReady as waiting:
            result.waiting.append((report, waiting))
    if result.sent:
        audit.record("reports.sent", None, by=by, reports=[report.pk for report in result.sent])
    return result
