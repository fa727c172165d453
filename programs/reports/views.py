"""Quarterly reports: the list, entering with the verdict while typing, sending, deciding."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.audit import history_of
from core.choices import Role
from core.fields import NumberFormField
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from core.periods import Period, PeriodKind
from core.request_values import plain_text, whole_number
from core.versioning import Conflict, Difference, show_at
from datasources.choices import NEEDS_REASON
from programs import deadlines
from programs.choices import ProgramState, ReportKind, ReportState
from programs.models import Program, Report, ReportValue, reporting_calendar
from programs.registration.views import READERS, WRITERS
from programs.reports import cell_entry, review_summary
from programs.reports import services as report_services
from programs.reports.filters import ReportFilter, ReportValueFilter
from programs.reports.forms import DecisionForm, ReportForm, field_name
from programs.reports.results import achieved
from programs.reports.timeline import comments_on_rows, last_returns, timeline
from programs.validation import rows as validation_rows
from programs.validation import values as validation_values
from programs.validation.messages import words

DECIDERS = roles(Role.AGENCY_HEAD, Role.VERIFIER, scope=Scope.PROVINCE)


@access(READERS)
def reports(request: SignedInRequest) -> HttpResponse:
    year = Period(request.workspace.fiscal_year)
    rows = (
        Report.objects.visible_to(request.user)
        .filter(period__contained_by=year)
        .order_by("-period", "program__agency__name", "program__name")
    )
    found = ReportFilter(request.GET, queryset=rows)
    context = {
        "filter": found,
        "page": page_of(
            request, found.qs, fill=lambda some: some.select_related("program__agency").with_verdict_counts()
        ),
        "kept_filters": kept_filters(request),
        "quarters": list(year.quarters()),
        "decides": DECIDERS.admits(request.user),
        "locks": request.user.has_role(Role.VERIFIER),
        "lockable": [
            *deadlines.due_months(year.year, timezone.localdate()),
            *deadlines.due_quarters(year.year, timezone.localdate()),
        ],
    }
    return render_partial(request, "programs/reports/reports.html", "results", context)


@access(READERS)
def report_values(request: SignedInRequest) -> HttpResponse:
    """Reported values with their verdicts: where the dashboard's figures lead to."""
    rows = (
        ReportValue.objects.visible_to(request.user)
        .delivered()
        .filter(
            report__kind=PeriodKind.QUARTER,
            report__period__contained_by=Period(request.workspace.fiscal_year),
            value__isnull=False,
        )
        .order_by("-distance", "pk")
    )
    found = ReportValueFilter(request.GET, queryset=rows)
    page = page_of(request, found.qs, fill=lambda some: some.with_names())
    context = {"filter": found, "page": page, "kept_filters": kept_filters(request)}
    return render_partial(request, "programs/reports/report_values.html", "results", context)


@require_POST
@access(WRITERS)
def open_report(request: SignedInRequest, pk: int) -> HttpResponse:
    program = get_object_or_404(Program.objects.editable_by(request.user), pk=pk)
    try:
        period = Period.parse(request.POST.get("period", ""))
    except ValueError as error:
        raise Http404 from error
    problem = ""
    if period.kind is not PeriodKind.QUARTER or period.year != program.fiscal_year:
        problem = _("That is not a quarter of the programme's fiscal year.")
    elif program.state != ProgramState.REGISTERED:
        problem = _("Register the programme first.")
    elif period.first_day > timezone.localdate():
        problem = _("That quarter has not begun yet.")
    if problem:
        messages.error(request, problem)
        return redirect("programs:program", pk)
    report = report_services.open_report(program=program, period=period, by=request.user)
    return redirect(report)


def _report_of(request: SignedInRequest, pk: int) -> Report:
    rows = Report.objects.visible_to(request.user).select_related("program__agency", "submitted_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


@access(READERS)
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form for the operator while the report is open; for everybody else, and afterwards, the page to read."""
    row = _report_of(request, pk)
    if row.is_editable and request.user.operates(row.program.agency_id):
        if row.kind == ReportKind.MONTH:
            return redirect(f"{reverse('programs:entry', args=[str(row.period)])}?program={row.program_id}")
        return _edit(request, row)
    if request.method == "POST":
        messages.error(
            request, _("This report can no longer be changed; it is %(state)s.") % {"state": row.get_state_display()}
        )
        return redirect(row)
    form = (
        DecisionForm(initial={"version": row.version})
        if _may_decide(request, row) or _may_verify(request, row)
        else None
    )
    return render(request, "programs/reports/report.html", _reading_page(request, row) | {"decision_form": form})


def _may_decide(request: SignedInRequest, row: Report) -> bool:
    return row.state == ReportState.SUBMITTED and request.user.heads(row.program.agency_id)


def _may_verify(request: SignedInRequest, row: Report) -> bool:
    return row.state == ReportState.APPROVED and request.user.has_role(Role.VERIFIER)


def _reading_page(
    request: SignedInRequest, row: Report, typed: Mapping[tuple[str, int], str] | None = None
) -> dict[str, Any]:
    """The report to read: values, progress and recipients with their remarks, and what this person may do with it.

    `typed` are comments on rows that a refused decision must not lose.
    """
    rows = validation_rows.rows_of([row])
    typed = typed or {}
    return _page(row, rows.values) | {
        "progress": [
            (each, [words(finding) for finding in each.findings], typed.get(("p", each.pk), ""))
            for each in rows.progress
        ],
        "recipients": [each for each in rows.recipients if each.people is not None],
        "value_rows": [
            (each, [words(finding) for finding in each.findings], reached, typed.get(("v", each.pk), ""))
            for each, reached in achieved(rows.values, row.period)
        ],
        "decides_as": "head" if _may_decide(request, row) else "verifier" if _may_verify(request, row) else "",
        "may_revise": row.state == ReportState.LOCKED
        and row.is_current
        and request.user.operates(row.program.agency_id),
        "revisions": Report.objects.visible_to(request.user)
        .filter(program=row.program_id, period=row.period)
        .exclude(pk=row.pk)
        .order_by("revision"),
    }


def _page(row: Report, values: list[ReportValue]) -> dict[str, Any]:
    calendar = reporting_calendar()
    steps = list(row.steps.select_related("by").prefetch_related("field_comments"))
    return {
        "report": row,
        "program": row.program,
        "values": values,
        "evidence": row.evidence.select_related("value__indicator", "value__region", "uploaded_by"),
        "timeline": timeline(row, steps, timezone.now()),
        "deadline": calendar.deadline(row.period),
        "is_late": row.is_editable and calendar.is_late(row.period, timezone.localdate()),
        "steps": steps,
        "history": history_of(row),
    }


def _edit(request: SignedInRequest, row: Report) -> HttpResponse:
    values = validation_rows.rows_of([row]).values
    form = ReportForm(request.POST or None, rows=values, initial={"version": row.version})
    problems: list[str] = []
    conflict: list[Difference] | None = None
    if request.method == "POST":
        submit = request.POST.get("act") == "submit"
        readable = form.is_valid()
        if "version" in form.errors:
            raise Http404
        try:
            report_services.save_report(
                pk=row.pk,
                by=request.user,
                version=form.cleaned_data["version"],
                cells=form.cells(),
                submit=submit and readable,
            )
        except Conflict as error:
            conflict = _differences(form, values)
            show_at(form, error.current.version)
        except report_services.NotReady as error:
            # Nothing is sent, but what was typed is kept.
            saved = report_services.save_report(
                pk=row.pk, by=request.user, version=form.cleaned_data["version"], cells=form.cells(), submit=False
            )
            _mark_missing(form, error)
            show_at(form, saved.version)
            problems.append(_("Saved, but not sent yet: some values or explanations are missing."))
        except ValidationError as error:
            problems.extend(error.messages)
        else:
            if readable:
                sent = _("The report is sent to the head of the OPD.")
                messages.success(request, sent if submit else _("The draft is saved."))
                return redirect("programs:reports" if submit else row)
            show_at(form, form.cleaned_data["version"] + 1)
            problems.append(_("Some figures could not be read; the others are saved."))
        values = validation_rows.rows_of([row]).values
    returns = last_returns([row.pk]) if row.state == ReportState.RETURNED else {}
    context = _page(row, values) | {
        "form": form,
        "entries": _entry_rows(form, values, comments_on_rows(returns.values())),
        "problems": problems,
        "conflict": conflict,
    }
    return render(request, "programs/reports/report_form.html", context, status=409 if conflict is not None else 200)


def _differences(form: ReportForm, values: list[ReportValue]) -> list[Difference]:
    """Where the typed form and the saved report differ."""
    typed = form.typed()
    shown = ReportForm(rows=values, initial={"version": 0})
    found = []
    for name, yours in typed.items():
        theirs = str(shown[name].value() or "")
        if theirs != yours:
            what = str(form.fields[name].label)
            row = next(r for r in values if name.endswith(f"-{r.pk}"))
            label = f"{row}: {what}" if name.startswith("reason") else what
            found.append(Difference(label, theirs, yours))
    return found


def _mark_missing(form: ReportForm, error: report_services.NotReady) -> None:
    for row in error.blank:
        form.add_error(form.figure_names(row)[0], _("Enter the value, or say to your head of OPD why there is none."))
    for row in error.wrong:
        if isinstance(row, ReportValue):
            said = [words(finding) for finding in row.findings if finding["severity"] == "error"]
            form.add_error(form.figure_names(row)[0], " ".join(said) or _("This is not a figure."))
    for row in error.silent:
        if isinstance(row, ReportValue):
            said = [words(finding) for finding in row.findings if finding["severity"] == "warning"]
            explain = _("Explain the difference from the official figure.") if row.verdict in NEEDS_REASON else ""
            form.add_error(field_name("reason", row.pk), " ".join([explain, *said]).strip())
    for row in error.without_file:
        form.add_error(form.figure_names(row)[0], _("Attach an evidence file to this value."))


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
            "warnings": [words(finding) for finding in value.findings if finding["severity"] == "warning"],
            "checked": checked[value.pk],
        }
        for value, fields, _figure in shown
    ]


@require_safe
@access(WRITERS)
def check_value(request: SignedInRequest, pk: int) -> HttpResponse:
    """The verdict on one figure while it is being typed; nothing is saved."""
    report = get_object_or_404(Report.objects.editable_by(request.user), pk=pk)
    row = get_object_or_404(
        report.values.select_related("indicator__unit", "indicator__reference_series__source", "region", "report"),
        pk=whole_number(request.GET.get("row"), digits=18),
    )
    field = NumberFormField.within(row.limits_of("value"), required=False)
    problem, figure = "", None
    try:
        figure = field.clean(request.GET.get(field_name("value", row.pk), ""))
    except ValidationError as error:
        problem = " ".join(error.messages)
    context = {
        "row": row,
        "checked": validation_values.previews([cell_entry.with_figure(row, figure)])[row.pk],
        "problem": problem,
    }
    return render(request, "programs/reports/verdict.html", context)


def _row_comments(request: SignedInRequest) -> dict[tuple[str, int], str]:
    """`comment-v12=…` from the form of the one who decides."""
    found = {}
    for name in request.POST:
        text = plain_text(request.POST.get(name), limit=1000)
        kind, number = name.removeprefix("comment-")[:1], whole_number(name.removeprefix("comment-")[1:], digits=18)
        if name.startswith("comment-") and kind in {"v", "p", "r"} and number and text:
            found[kind, number] = text
    return found


@require_POST
@access(roles(Role.AGENCY_HEAD, scope=Scope.OWN_AGENCY))
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """The head of the OPD approves or returns."""
    row = get_object_or_404(
        Report.objects.awaiting_decision_of(request.user).select_related("program__agency", "submitted_by"), pk=pk
    )
    return _judgement(request, row, report_services.decide_report, _("The report is approved."))


@require_POST
@access(roles(Role.VERIFIER, scope=Scope.PROVINCE))
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bappeda verifies an approved report, or returns it."""
    row = get_object_or_404(
        Report.objects.awaiting_verification().select_related("program__agency", "submitted_by"), pk=pk
    )
    return _judgement(request, row, report_services.verify_report, _("The report is verified."))


def _judgement(request: SignedInRequest, row: Report, service: Any, done: str) -> HttpResponse:
    form = DecisionForm(request.POST)
    approve = request.POST.get("act") == "approve"
    status = 200
    if form.is_valid():
        try:
            service(
                pk=row.pk,
                by=request.user,
                version=form.cleaned_data["version"],
                approve=approve,
                comment=form.cleaned_data["comment"],
                field_comments=_row_comments(request),
            )
        except Conflict:
            status = 409
            form.add_error(None, _("Somebody changed this report in the meantime. Read it again, then decide."))
            row = _report_of(request, row.pk)
            show_at(form, row.version)
        except ValidationError as error:
            form.add_error("comment", error)
        else:
            messages.success(request, done if approve else _("The report is returned to the operator."))
            return redirect("programs:reports")
    context = _reading_page(request, row, _row_comments(request)) | {"decision_form": form}
    return render(request, "programs/reports/report.html", context, status=status)


@access(DECIDERS)
def decisions(request: SignedInRequest) -> HttpResponse:
    """Everything that waits for this person, the unusual first and named; the rest can be approved together."""
    if request.user.has_role(Role.VERIFIER):
        waiting = Report.objects.awaiting_verification()
    else:
        waiting = Report.objects.awaiting_decision_of(request.user)
    waiting = waiting.select_related("program__agency").order_by("submitted_at", "pk")
    if request.method == "POST":
        versions = {}
        for name in request.POST:
            version = request.POST.get(name)
            key = whole_number(name.removeprefix("version-"), digits=18)
            if name.startswith("version-") and key and f"chosen-{key}" in request.POST:
                versions[key] = whole_number(version) or 0
        verifies = request.user.has_role(Role.VERIFIER)
        approved, skipped = report_services.decide_many(versions=versions, by=request.user, verify=verifies)
        if approved:
            messages.success(request, _("%(count)s reports are approved.") % {"count": len(approved)})
        for report in skipped:
            messages.error(request, _("%(report)s was changed in the meantime; read it first.") % {"report": report})
        return redirect("programs:decisions")
    page = page_of(request, waiting)
    context = {
        "page": page,
        "rows": review_summary.summaries(list(page.object_list), timezone.now()),
        "kept_filters": kept_filters(request),
    }
    return render(request, "programs/reports/decisions.html", context)


@require_POST
@access(WRITERS)
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open a revision of a locked report, with its reason."""
    row = get_object_or_404(Report.objects.filter(program__agency_id__in=request.user.operated_agency_ids), pk=pk)
    try:
        revision = report_services.revise_report(
            pk=row.pk, by=request.user, reason=plain_text(request.POST.get("reason"), limit=1000)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(row)
    return redirect(revision)


@require_POST
@access(roles(Role.VERIFIER, scope=Scope.PROVINCE))
def lock_period(request: SignedInRequest) -> HttpResponse:
    """Lock what is verified of a period."""
    try:
        period = Period.parse(request.POST.get("period", ""))
    except ValueError:
        messages.error(request, _("Choose the period to lock."))
        return redirect("programs:reports")
    count = report_services.lock_period(period=period, by=request.user)
    messages.success(request, _("%(count)s verified reports are locked.") % {"count": count})
    return redirect(f"{reverse('programs:reports')}?period={period}")
