"""A whole period of an OPD at once: opening its reports, sending what is complete."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from core import audit
from core.periods import Period, PeriodKind
from programs.choices import ReportState
from programs.models import Program, Report
from programs.reports import services as report_services


def programs_to_report(agency: Agency | None, period: Period) -> Any:
    """Registered programmes of the OPD, or of all, with something to report in a period of this kind."""
    programs = Program.objects.registered().owing(period).filter(fiscal_year=period.year)
    if agency is not None:
        programs = programs.filter(agency=agency)
    if period.kind is PeriodKind.MONTH:
        return programs.filter(activities__sub_activities__fiscal_year=period.year).distinct()
    return programs.filter(indicators__isnull=False).distinct()


def missing_reports(agency: Agency, period: Period, program: int | None = None) -> int:
    """How many programmes have no report for the period yet; of one programme, where one is asked for."""
    wanted = programs_to_report(agency, period)
    if program:
        wanted = wanted.filter(pk=program)
    missing: int = wanted.exclude(pk__in=Report.objects.filter(period=period).values("program")).count()
    return missing


def newest_reports(agency: Agency, when: Period, program: int | None = None) -> list[Report]:
    """The newest report of each programme for the period, in the order of the list."""
    rows = Report.objects.filter(program__agency=agency, period=when).select_related("program__nomenclature")
    if program:
        rows = rows.filter(program=program)
    newest = {}
    for report in rows.order_by("program__nomenclature__code", "program_id", "revision"):
        newest[report.program_id] = report
    return list(newest.values())


@transaction.atomic
def open_period(*, agency: Agency, period: Period, by: User) -> int:
    """Make the reports of a period with their rows; returns how many are new. Twice is once."""
    made = 0
    for program in programs_to_report(agency, period).order_by("pk"):
        if not Report.objects.filter(program=program, period=period).exists():
            made += 1
        report_services.open_report(program=program, period=period, by=by)
    return made


@dataclass
class Owed:
    """How many of an OPD's programmes have not sent their report of one period, of how many that have one to send."""

    agency: Agency
    period: Period
    missing: int
    wanted: int


def owed(agencies: Iterable[Agency], periods: Sequence[Period]) -> list[Owed]:
    """By OPD and period, where something is missing, of whatever year. One query, and one for each OPD, year and kind
    of period."""
    sent: dict[tuple[int, Period], int] = defaultdict(int)
    agencies = list(agencies)
    delivered = Report.objects.filter(
        program__agency__in=agencies, period__in=periods, state__in=ReportState.delivered(), revision=0
    )
    for agency_id, when in delivered.values_list("program__agency", "period"):
        sent[agency_id, when] += 1
    found = []
    for agency in agencies:
        wanted = _wanted(agency, periods)
        for when in periods:
            count = wanted[when]
            if (missing := count - sent[agency.pk, when]) > 0:
                found.append(Owed(agency, when, missing, count))
    return found


def _wanted(agency: Agency, periods: Sequence[Period]) -> dict[Period, int]:
    """How many programmes of the OPD have each period to report. One query for each year and kind of period."""
    latest: dict[tuple[int, PeriodKind], Period] = {}
    for when in periods:
        key = (when.year, when.kind)
        latest[key] = max(when, latest.get(key, when))
    begun = {
        key: list(programs_to_report(agency, when).order_by().values_list("pk", "reports_from"))
        for key, when in latest.items()
    }
    return {
        when: sum(first is None or first <= when.last_day for _pk, first in begun[when.year, when.kind])
        for when in periods
    }


@dataclass
class Sent:
    """What sending a whole period came to: reports sent, and reports that have to wait, with the reasons."""

    sent: list[Report]
    waiting: list[tuple[Report, report_services.NotReady]]


def send_period(*, reports: Iterable[Report], by: User) -> Sent:
    """Send every report that is complete; each by itself, so that one incomplete keeps nobody waiting."""
    result = Sent([], [])
    for report in reports:
        try:
            result.sent.append(report_services.send_report(pk=report.pk, by=by))
        except report_services.NotReady as waiting:
            result.waiting.append((report, waiting))
    if result.sent:
        audit.record("reports.sent", None, by=by, reports=[report.pk for report in result.sent])
    return result


@dataclass(frozen=True)
class Unready:
    """What of an OPD can't be locked yet: how many programmes have no report, and how many reports are in each state
    before the verified one."""

    agency: Agency
    missing: int
    by_state: dict[str, int]

    @property
    def words(self) -> str:
        found = [f"{ReportState(state).label}: {count}" for state, count in self.by_state.items()]
        return ", ".join([*([_("no report: %(count)s") % {"count": self.missing}] if self.missing else []), *found])


def unready(period: Period) -> list[Unready]:
    """By OPD, where something of the period is neither verified nor locked. Two queries."""
    programs = programs_to_report(None, period).select_related("agency").order_by("agency__name", "pk")
    states: dict[int, str] = {}
    rows = Report.objects.filter(period=period).order_by("revision")
    for program, state, counts in rows.values_list("program", "state", "is_current"):
        if counts or program not in states:
            states[program] = state
    found: dict[Agency, Counter[str]] = defaultdict(Counter)
    for program in programs:
        state = states.get(program.pk, "")
        if state not in {ReportState.VERIFIED, ReportState.LOCKED}:
            found[program.agency][state] += 1
    return [Unready(agency, counts.pop("", 0), dict(counts)) for agency, counts in found.items()]
