"""What a person still owes, and what waits for them: the home page. Each role's list is a handful of queries."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from core.choices import Role
from core.formats import period as period_text
from dashboards.models import Directive
from datasources.choices import PullState
from datasources.models import Pull, Series
from evidence.choices import SignatureState
from evidence.models import PaperSignature
from procurement.models import Declaration, Officer, Package
from programs import deadlines
from programs.choices import ProgramState, ReportState
from programs.deadlines import Calendar
from programs.models import DECIDE_REPORT, Program, Report, ReportQuerySet, reporting_calendar
from programs.reports import review_summary
from programs.reports.periods import owed
from programs.reports.review_summary import Summary

SHOWN = 8
SOON = dt.timedelta(days=7)
CELL_SECONDS = 20  # to look a figure up and type it, with its reason where it needs one
LOOKED_THROUGH = 100  # of the papers that wait longest, for what is unusual in them


@dataclass(frozen=True)
class Task:
    """`due` is the last day; `action` says what the link does."""

    title: str
    detail: str
    url: str
    action: str
    due: dt.date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class TaskGroup:
    """`more_url` leads to the whole list when only the first are shown."""

    name: str
    icon: str
    tasks: list[Task]
    count: int
    more_url: str = ""

    def pressing(self, today: dt.date) -> int:
        """What is late comes first, then what is due within a week; what has no day keeps its place after them."""
        if any(task.is_late for task in self.tasks):
            return 0
        return 1 if any(task.due and task.due <= today + SOON for task in self.tasks) else 2


def worklist(user: User, year: int, today: dt.date) -> list[TaskGroup]:
    """Groups with something in them, the most pressing first."""
    groups: list[TaskGroup] = [_signatures(user)]
    if user.has_role(Role.OPERATOR):
        calendar = reporting_calendar()
        groups += [
            _returned(user),
            _months_owed(user, today, calendar),
            _missing_reports(user, today, calendar),
            _draft_reports(user, today, calendar),
            _draft_programs(user, year),
        ]
    if user.has_role(Role.AGENCY_HEAD) or user.has_role(Role.OPERATOR):
        groups.append(_directives(user, today))
    if user.has_role(Role.GOVERNORS_OFFICE):
        groups.append(_answers(user))
    if user.has_role(Role.VERIFIER, *DECIDE_REPORT.ladder):
        groups += [_reports_to_decide(user), _reports_to_verify(user), _declarations_to_decide(user)]
    if user.agency_ids:
        groups.append(_to_declare(user))
    if user.has_role(Role.OPERATOR):
        groups.append(_packages_held_up(user, year))
    if user.has_role(Role.DATA_STEWARD):
        groups += [_failed_pulls(), _stale_series()]
    return sorted((group for group in groups if group.count), key=lambda group: group.pressing(today))


def _signatures(user: User) -> TaskGroup:
    """Whoever has a paper under way, whatever the role is by now: an unknown outcome is nobody else's to settle."""
    rows = list(PaperSignature.objects.waiting_for(user))
    tasks = [
        Task(
            row.title,
            row.get_state_display(),
            row.get_absolute_url(),
            _signature_action(row.state),
        )
        for row in rows[:SHOWN]
    ]
    return TaskGroup(_("Papers you are signing"), "writing", tasks, len(rows))


def _signature_action(state: str) -> str:
    if state == SignatureState.UNKNOWN:
        return _("Look into it")
    return _("Try again") if state == SignatureState.REFUSED else _("Sign")


def _returned(user: User) -> TaskGroup:
    rows = list(
        Report.objects.editable_by(user)
        .filter(state=ReportState.RETURNED)
        .select_related("program__agency")
        .order_by("decided_at")
    )
    tasks = [Task(str(row), row.program.agency.name, row.get_absolute_url(), _("Improve")) for row in rows[:SHOWN]]
    return TaskGroup(
        _("Returned to you"), "arrow-back-up", tasks, len(rows), f"{reverse('programs:reports')}?state=returned"
    )


def _draft_reports(user: User, today: dt.date, calendar: Calendar) -> TaskGroup:
    rows = list(
        Report.objects.editable_by(user)
        .quarterly()
        .filter(state=ReportState.DRAFT)
        .select_related("program__agency")
        .annotate(blank=Count("values", filter=Q(values__value__isnull=True)))
        .order_by("period", "pk")
    )
    tasks = [
        Task(
            str(row),
            " · ".join(filter(None, [row.program.agency.name, _effort(row.blank)])),
            row.get_absolute_url(),
            _("Continue"),
            calendar.deadline(row.period),
            calendar.is_late(row.period, today),
        )
        for row in rows[:SHOWN]
    ]
    return TaskGroup(_("Reports begun"), "pencil", tasks, len(rows), f"{reverse('programs:reports')}?state=draft")


def _effort(blank: int) -> str:
    """How long the cells take that are still empty; nothing where all are filled in."""
    if not blank:
        return ""
    minutes = max(1, round(blank * CELL_SECONDS / 60))
    words = {"minutes": minutes, "cells": blank}
    return ngettext("± %(minutes)s minute, %(cells)s cells", "± %(minutes)s minutes, %(cells)s cells", minutes) % words


def _months_owed(user: User, today: dt.date, calendar: Calendar) -> TaskGroup:
    """By OPD and month that is over, of last year too: how many programmes have not sent their progress."""
    agencies = Agency.objects.with_former().filter(pk__in=user.operated_agency_ids)
    title = _("Progress of the month")
    tasks = [
        Task(
            f"{title} · {period_text(item.period)}",
            _("%(agency)s: %(count)s of %(whole)s programmes are missing")
            % {"agency": item.agency.short_name, "count": item.missing, "whole": item.wanted},
            reverse("programs:entry", args=[str(item.period)]),
            _("Fill in"),
            calendar.deadline(item.period),
            calendar.is_late(item.period, today),
        )
        for item in owed(agencies, deadlines.owed_months(today))
    ]
    return TaskGroup(
        _("Monthly progress due"), "calendar-due", tasks[:SHOWN], len(tasks), reverse("programs:entry-start")
    )


def _reports_to_verify(user: User) -> TaskGroup:
    return _papers(
        _("Reports waiting for verification"),
        "shield-check",
        Report.objects.awaiting_verification_by(user).order_by("decided_at", "pk"),
        _("Verify"),
    )


def _papers(name: str, symbol: str, waiting: ReportQuerySet, action: str) -> TaskGroup:
    """The unusual first, each with what is unusual and how long it waits: the usual ones can be decided together."""
    rows = list(waiting.select_related("program__agency")[:LOOKED_THROUGH])
    count = waiting.count() if len(rows) == LOOKED_THROUGH else len(rows)
    found = review_summary.summaries(rows, timezone.now()) if rows else []
    tasks = [Task(str(each.report), _paper(each), each.report.get_absolute_url(), action) for each in found[:SHOWN]]
    return TaskGroup(name, symbol, tasks, count, reverse("programs:decisions"))


def _paper(found: Summary) -> str:
    days = ngettext("waits %(days)s day", "waits %(days)s days", found.waiting_days) % {"days": found.waiting_days}
    return " · ".join([found.report.program.agency.name, *found.remarks, days])


def _missing_reports(user: User, today: dt.date, calendar: Calendar) -> TaskGroup:
    """Registered programmes, of last year too, without a report for a quarter that is over."""
    due = deadlines.owed_quarters(today)
    programs = list(
        Program.objects.editable_by(user)
        .registered()
        .filter(fiscal_year__in=deadlines.owing_years(today))
        .select_related("agency")
        .order_by("name")
    )
    there = set(Report.objects.filter(program__in=programs, period__in=due).values_list("program", "period"))
    missing = [
        (program, quarter)
        for quarter in due
        for program in programs
        if program.owes(quarter) and (program.pk, quarter) not in there
    ]
    tasks = [
        Task(
            f"{program.name} · {period_text(quarter)}",
            program.agency.name,
            program.get_absolute_url(),
            _("Report"),
            calendar.deadline(quarter),
            calendar.is_late(quarter, today),
        )
        for program, quarter in missing[:SHOWN]
    ]
    return TaskGroup(
        _("Reports due"), "calendar-due", tasks, len(missing), f"{reverse('programs:programs')}?state=registered"
    )


def _draft_programs(user: User, year: int) -> TaskGroup:
    rows = list(
        Program.objects.editable_by(user).of_year(year).filter(state=ProgramState.DRAFT).select_related("agency")
    )
    tasks = [
        Task(row.name, row.agency.name, reverse("programs:indicators", args=[row.pk]), _("Complete"))
        for row in rows[:SHOWN]
    ]
    return TaskGroup(
        _("Programmes not registered yet"), "file-text", tasks, len(rows), f"{reverse('programs:programs')}?state=draft"
    )


def _reports_to_decide(user: User) -> TaskGroup:
    return _papers(
        _("Reports waiting for your decision"),
        "checks",
        Report.objects.awaiting_decision_of(user).order_by("submitted_at", "pk"),
        _("Decide"),
    )


def _declarations_to_decide(user: User) -> TaskGroup:
    rows = list(Declaration.objects.awaiting_decision_of(user).select_related("declarer", "officer__package"))
    tasks = [Task(row.about, str(row.declarer), row.get_absolute_url(), _("Decide")) for row in rows[:SHOWN]]
    return TaskGroup(
        _("Declarations waiting for your decision"), "scale", tasks, len(rows), reverse("procurement:declarations")
    )


def _directives(user: User, today: dt.date) -> TaskGroup:
    rows = list(
        Directive.objects.visible_to(user).open().filter(agency_id__in=user.agency_ids).order_by("due_on", "pk")
    )
    tasks = [
        Task(row.text, row.number_text, row.get_absolute_url(), _("Answer"), row.due_on, row.due_on < today)
        for row in rows[:SHOWN]
    ]
    return TaskGroup(_("Directives of the governor"), "send", tasks, len(rows), f"{reverse('directives')}?state=open")


def _answers(user: User) -> TaskGroup:
    """What an OPD says is carried out, to be looked at."""
    rows = list(Directive.objects.visible_to(user).answered().select_related("agency").order_by("due_on", "pk"))
    tasks = [Task(row.text, row.agency.name, row.get_absolute_url(), _("Look")) for row in rows[:SHOWN]]
    return TaskGroup(
        _("Directives said to be carried out"), "checks", tasks, len(rows), f"{reverse('directives')}?state=answered"
    )


def _to_declare(user: User) -> TaskGroup:
    rows = list(
        Officer.objects.still_to_declare()
        .of_open_packages()
        .filter(user=user)
        .select_related("package")
        .order_by("package__rup_code")
    )
    tasks = [
        Task(str(row.package), row.get_role_display(), reverse("procurement:declare", args=[row.pk]), _("Declare"))
        for row in rows[:SHOWN]
    ]
    return TaskGroup(_("You still have to declare"), "writing", tasks, len(rows), reverse("procurement:declarations"))


def _packages_held_up(user: User, year: int) -> TaskGroup:
    held = Package.objects.editable_by(user).of_year(year).filter(state="planned", lacks_declarations=True)
    rows = list(held.select_related("agency").order_by("rup_code"))
    tasks = [Task(str(row), row.agency.name, row.get_absolute_url(), _("Open")) for row in rows[:SHOWN]]
    url = f"{reverse('procurement:packages')}?state=planned&declarations=missing"
    return TaskGroup(_("Packages that cannot be announced yet"), "lock", tasks, len(rows), url)


def _failed_pulls() -> TaskGroup:
    newer = Pull.objects.filter(series=OuterRef("series"), pk__gt=OuterRef("pk"))
    rows = list(
        Pull.objects.filter(~Exists(newer), state=PullState.FAILED).select_related("series").order_by("series__name")
    )
    tasks = [
        Task(row.series.name, row.problem, reverse("datasources:series", args=[row.series_id]), _("Look"))
        for row in rows[:SHOWN]
    ]
    return TaskGroup(_("Pulls that failed"), "cloud-off", tasks, len(rows), reverse("datasources:series-list"))


def _stale_series() -> TaskGroup:
    rows = [row for row in Series.objects.active().select_related("source") if row.is_stale]
    tasks = [
        Task(row.name, row.source.name, reverse("datasources:series", args=[row.pk]), _("Look")) for row in rows[:SHOWN]
    ]
    return TaskGroup(
        _("Reference figures that are out of date"), "clock", tasks, len(rows), reverse("datasources:series-list")
    )
