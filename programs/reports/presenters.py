"""What the pages of a report show: to read and decide on, and the form of a quarter."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.agencies.then import agency_on
from accounts.models import Agency, User
from core.audit import history_of
from core.periods import Period
from core.versioning import SEEN, Difference, at_version, merge, seen_of
from datasources.choices import NEEDS_REASON
from programs.choices import ReportState
from programs.models import Recipients, Report, ReportValue, reporting_calendar
from programs.reports import cell_entry
from programs.reports import periods as report_periods
from programs.reports import services as report_services
from programs.reports.forms import RecipientsForm, ReportDecisionForm, ReportForm, field_name
from programs.reports.permissions import (
    may_decide,
    may_return_verified,
    may_revise,
    may_verify,
    may_withdraw,
    may_withdraw_approval,
    why_not_decide,
)
from programs.reports.results import achieved
from programs.reports.services import NotReady
from programs.reports.timeline import comments_on_rows, last_returns, timeline
from programs.validation import rows as validation_rows
from programs.validation import values as validation_values
from programs.validation.messages import words
from programs.validation.rows import ReportedRow, ReportedRows


def reading_page(
    user: User, row: Report, form: ReportDecisionForm | None = None, typed: Mapping[tuple[str, int], str] | None = None
) -> dict[str, Any]:
    """The report to read: values, progress and recipients with their remarks, and what this person may do with it.

    `form` and `typed` are a decision and its comments on rows that were refused and must not be lost.
    """
    decides_as = _decides_as(user, row)
    if form is None and decides_as:
        form = ReportDecisionForm(initial={"version": row.version})
    rows = validation_rows.rows_of([row])
    typed = typed or {}
    return _report_page(row, rows.values) | {
        "progress": [(each, _said(each), typed.get(("p", each.pk), "")) for each in rows.progress],
        "recipients": [each for each in rows.recipients if each.people is not None],
        "value_rows": [
            (each, _said(each), reached, typed.get(("v", each.pk), ""))
            for each, reached in achieved(rows.values, row.period)
        ],
        "decision_form": form,
        "decides_as": decides_as,
        "why_not": "" if decides_as else why_not_decide(user, row),
        "may_revise": may_revise(user, row),
        "may_return_verified": may_return_verified(user, row),
        "may_withdraw": may_withdraw(user, row),
        "may_withdraw_approval": may_withdraw_approval(user, row),
        "revisions": Report.objects.visible_to(user)
        .filter(program=row.program_id, period=row.period)
        .exclude(pk=row.pk)
        .order_by("revision"),
    }


def _decides_as(user: User, row: Report) -> str:
    """Whose decision this person takes now: head, verifier, or ''."""
    if may_decide(user, row):
        return "head"
    return "verifier" if may_verify(user, row) else ""


def _said(row: ReportedRow, severity: str | None = None) -> list[str]:
    """The findings of a row in words; of one severity, or all."""
    return [words(finding) for finding in row.findings if severity in {None, finding["severity"]}]


def _report_page(row: Report, values: list[ReportValue]) -> dict[str, Any]:
    calendar = reporting_calendar()
    steps = list(row.steps.select_related("by", "acting_for").prefetch_related("field_comments"))
    return {
        "report": row,
        "program": row.program,
        "agency_then": agency_on(row.program, row.period.last_day),
        "values": values,
        "evidence": row.evidence.select_related("value__indicator", "value__region", "uploaded_by"),
        "timeline": timeline(row, steps, timezone.now()),
        "deadline": calendar.deadline(row.period),
        "is_late": row.is_editable and calendar.is_late(row.period, timezone.localdate()),
        "steps": steps,
        "history": history_of(row),
    }


def form_page(row: Report, form: ReportForm, people: RecipientsForm) -> dict[str, Any]:
    """The form of a quarter, with the verdict on each figure beside it, and the people reached."""
    values = validation_rows.rows_of([row]).values
    returns = last_returns([row.pk]) if row.state == ReportState.RETURNED else {}
    comments = comments_on_rows(returns.values())
    return _report_page(row, values) | {
        "form": form,
        "seen": form.data.get(SEEN, "") if form.is_bound else seen_of(form, people),
        "entries": _entry_rows(form, values, comments),
        "people": people,
        "people_lines": [
            (each, fields, comments.get(f"r{each.pk}", ""), _said(each)) for each, fields in people.lines()
        ],
    }


def merged_forms(
    form: ReportForm, people: RecipientsForm, now: ReportedRows, version: int
) -> tuple[ReportForm, RecipientsForm, list[Difference]]:
    """The forms over what is saved by now, and the cells that two people changed, each otherwise."""
    shown_now = ReportForm(rows=now.values, initial={"version": version}), RecipientsForm(rows=now.recipients)
    merged = merge(form.data, (form, shown_now[0]), (people, shown_now[1]))
    named: dict[str, str] = {f"reason-{row.pk}": str(row) for row in now.values}
    named |= {field.html_name: row.region.short_name for row, fields in people.lines() for field in fields}
    conflict = [
        replace(each, label=f"{named[each.name]}: {each.label}") if each.name in named else each
        for each in merged.conflict
    ]
    data = at_version(merged.data, version)
    return ReportForm(data, rows=now.values), RecipientsForm(data, rows=now.recipients), conflict


def mark_missing(form: ReportForm, people: RecipientsForm, error: NotReady) -> None:
    """Say at each field of the forms why the report cannot be sent yet."""
    _mark_people(people, error)
    for row in _values(error.blank):
        form.mark(row, _("Enter the value, or say to your head of OPD why there is none."))
    for row in _values(error.wrong):
        form.mark(row, " ".join(_said(row, "error")) or _("This is not a figure."))
    for row in _values(error.silent):
        explain = _("Explain the difference from the official figure.") if row.verdict in NEEDS_REASON else ""
        form.add_error(field_name("reason", row.pk), " ".join([explain, *_said(row, "warning")]).strip())
    for row in error.without_file:
        form.mark(row, _("Attach an evidence file to this value."))


def _mark_people(people: RecipientsForm, error: NotReady) -> None:
    for row in error.wrong:
        if isinstance(row, Recipients):
            people.mark(row, " ".join(_said(row, "error")) or _("This is not a figure."))
    for row in error.silent:
        if isinstance(row, Recipients):
            people.mark(row, " ".join(_said(row, "warning")), "reason")


def _values(rows: Iterable[ReportedRow]) -> list[ReportValue]:
    """The rows that the form of a quarter has."""
    return [row for row in rows if isinstance(row, ReportValue)]


def _entry_rows(form: ReportForm, values: list[ReportValue], comments: dict[str, str]) -> list[dict[str, Any]]:
    """One line of the form each: fields, verdict, official figure."""
    shown = []
    for value in values:
        fields = [form[name] for name in form.figure_names(value)]
        figure = value.value
        if form.is_bound and not value.indicator.is_fraction and not fields[0].errors and hasattr(form, "cleaned_data"):
            figure = form.cleaned_data.get(fields[0].name, value.value)
        shown.append((value, fields, figure))
    checked = validation_values.previews([cell_entry.with_figure(value, figure) for value, _fields, figure in shown])
    return [
        {
            "row": value,
            "value": fields[0],
            "fields": fields,
            "reason": form[field_name("reason", value.pk)],
            "comment": comments.get(f"v{value.pk}", ""),
            "warnings": [*_said(value, "warning"), *_said(value, "note")],
            "checked": checked[value.pk],
        }
        for value, fields, _figure in shown
    ]


def lock_page(
    user: User, period: Period, *, agencies: Collection[int] = (), reason: str = "", problem: str = ""
) -> dict[str, Any]:
    """What locking the period would lock, what lacks for it, and what is locked already, by OPD; of the chosen OPD
    every report that unlocking would open."""
    reports = Report.objects.select_related("program__agency").order_by("program__agency__name", "program__name")
    unlockable = report_services.unlockable(period, user)
    locked: dict[Agency, list[Report]] = defaultdict(list)
    for report in reports.filter(pk__in=unlockable.values("pk")):
        locked[report.program.agency].append(report)
    locked_count = Report.objects.filter(period=period, state=ReportState.LOCKED).count()
    return {
        "period": period,
        "verified": list(reports.filter(period=period, state=ReportState.VERIFIED)),
        "locked": [(agency, len(rows), agency.pk in agencies) for agency, rows in locked.items()],
        "chosen": [(agency, rows) for agency, rows in locked.items() if agency.pk in agencies],
        "locked_count": locked_count,
        "closed_to_them": locked_count - sum(len(rows) for rows in locked.values()),
        "unready": report_periods.unready(period),
        "reason": reason,
        "problem": problem,
    }
