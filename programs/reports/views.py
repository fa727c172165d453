"""Quarterly reports: the list, entering with the verdict while typing, sending, deciding."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.looking import note_look
from accounts.middleware import SignedInRequest
from accounts.reauthentication import fresh
from core.access import Scope, access, roles
from core.choices import Role
from core.fields import NumberFormField
from core.outcomes import refused, told
from core.pagination import kept_filters, page_of
from core.periods import Period, PeriodKind
from core.permissions import insist
from core.request_values import typed_text, whole_number
from core.tables import list_response
from core.versioning import Conflict, show_at
from programs import deadlines
from programs.choices import ProgramState, ReportKind
from programs.models import DECIDE_REPORT, VERIFY_REPORT, Program, Report, ReportValue
from programs.registration.views import READERS, WRITERS
from programs.reports import cell_entry, review_summary
from programs.reports import services as report_services
from programs.reports.filters import ReportFilter, ReportValueFilter
from programs.reports.forms import RecipientsForm, ReportDecisionForm, ReportForm, field_name
from programs.reports.permissions import (
    check_may_decide,
    check_may_return_verified,
    check_may_verify,
    check_may_withdraw_approval,
    may_lock,
)
from programs.reports.presenters import form_page, lock_page, mark_missing, merged_forms, reading_page
from programs.reports.tables import ReportTable, ReportValueTable
from programs.validation import rows as validation_rows
from programs.validation import values as validation_values

DECIDERS = roles(*DECIDE_REPORT.ladder, *VERIFY_REPORT.ladder, scope=Scope.PROVINCE)


@access(READERS)
def reports(request: SignedInRequest) -> HttpResponseBase:
    year = Period(request.workspace.fiscal_year)
    rows = (
        Report.objects.visible_to(request.user)
        .filter(period__contained_by=year)
        .with_agency_then()
        .order_by("-period", "program__agency__name", "program__name")
    )
    found = ReportFilter(request.GET, queryset=rows)
    table = ReportTable(
        found.qs,
        request=request,
        fill=lambda some: some.select_related("program").with_agency_then().with_verdict_counts(),
    )
    context = {
        "filter": found,
        "decides": DECIDERS.admits(request.user),
        "locks": may_lock(request.user),
        "lockable": [
            *deadlines.due_months(year.year, timezone.localdate()),
            *deadlines.due_quarters(year.year, timezone.localdate()),
        ],
    }
    return list_response(request, "programs/reports/reports.html", table, context, name="laporan")


@access(READERS)
def report_values(request: SignedInRequest) -> HttpResponseBase:
    """Reported values with their verdicts: where the dashboard's figures lead to."""
    rows = (
        ReportValue.objects.visible_to(request.user)
        .delivered()
        .filter(
            report__kind=PeriodKind.QUARTER,
            report__period__contained_by=Period(request.workspace.fiscal_year),
            value__isnull=False,
        )
        .order_by(F("distance").desc(nulls_last=True), "pk")  # what nothing official stands beside comes last
    )
    found = ReportValueFilter(request.GET, queryset=rows)
    table = ReportValueTable(found.qs, request=request, fill=lambda some: some.with_names())
    return list_response(request, "programs/reports/report_values.html", table, {"filter": found}, name="nilai-laporan")


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
    rows = Report.objects.readable_by(request.user).select_related("program__agency", "submitted_by", "decided_by")
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
    page = reading_page(request.user, row)
    if page["decides_as"]:
        note_look(request, row, row.decided_at or row.submitted_at)
    return render(request, "programs/reports/report.html", page)


def _edit(request: SignedInRequest, row: Report) -> HttpResponse:
    rows = validation_rows.rows_of([row])
    form = ReportForm(request.POST or None, rows=rows.values, initial={"version": row.version})
    people = RecipientsForm(request.POST or None, rows=rows.recipients)
    said: dict[str, Any] = {"problems": [], "conflict": None}
    if request.method == "POST":
        done, form, people = _save_merged(request, row, form, people, said)
        if done:
            return done
    status = 200 if said["conflict"] is None else 409
    return render(request, "programs/reports/report_form.html", form_page(row, form, people) | said, status=status)


def _save_merged(
    request: SignedInRequest, row: Report, form: ReportForm, people: RecipientsForm, said: dict[str, Any]
) -> tuple[HttpResponse | None, ReportForm, RecipientsForm]:
    """Save, over what somebody else has saved where both changed different cells; else the forms to show."""
    try:
        return _save(request, row, form, people, said["problems"]), form, people
    except Conflict as error:
        now = validation_rows.rows_of([row])
        form, people, conflict = merged_forms(form, people, now, error.current.version)
        if not conflict:
            return _save_merged(request, row, form, people, said)
        said["conflict"] = conflict
    except ValidationError as error:
        said["problems"] += error.messages
    return None, form, people


def _save(
    request: SignedInRequest, row: Report, form: ReportForm, people: RecipientsForm, problems: list[str]
) -> HttpResponse | None:
    """Save what can be read and send it if asked; None, with the problems, when the person has to look again."""
    readable = all([form.is_valid(), people.is_valid()])  # both are read, whatever the first one says
    if "version" in form.errors:
        raise Http404
    save = partial(
        report_services.save_report,
        pk=row.pk,
        by=request.user,
        version=form.cleaned_data["version"],
        cells=[*form.cells(), *people.cells()],
    )
    submit = request.POST.get("act") == "submit" and readable
    try:
        saved = save(submit=submit)
    except report_services.NotReady as error:
        saved = save(submit=False)  # nothing is sent, but what was typed is kept
        mark_missing(form, people, error)
        problems.append(_("Saved, but not sent yet: some values or explanations are missing."))
    else:
        if readable:
            sent = _("The report is sent to the head of the OPD.")
            messages.success(request, sent if submit else _("The draft is saved."))
            return redirect("programs:reports" if submit else row)
        problems.append(_("Some figures could not be read; the others are saved."))
    now = validation_rows.rows_of([row])
    show_at(form, saved.version, ReportForm(rows=now.values), RecipientsForm(rows=now.recipients))
    return None


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
        kind, number = name.removeprefix("comment-")[:1], whole_number(name.removeprefix("comment-")[1:], digits=18)
        if not name.startswith("comment-") or kind not in {"v", "p", "r"} or not number:
            continue
        if text := typed_text(request.POST.get(name), limit=1000):
            found[kind, number] = text
    return found


@require_POST
@access(roles(*DECIDE_REPORT.ladder, scope=Scope.PROVINCE))
@fresh
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """The head of the OPD approves or returns; where it concerns the head, the next higher."""
    row = _report_of(request, pk)
    insist(check_may_decide, request.user, row)
    return _judgement(request, row, report_services.decide_report, _("The report is approved."))


@require_POST
@access(roles(*VERIFY_REPORT.ladder, scope=Scope.PROVINCE))
@fresh
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bappeda verifies an approved report, or returns it."""
    row = _report_of(request, pk)
    insist(check_may_verify, request.user, row)
    return _judgement(request, row, report_services.verify_report, _("The report is verified."))


def _judgement(request: SignedInRequest, row: Report, service: Any, done: str) -> HttpResponse:
    form = ReportDecisionForm(request.POST)
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
    context = reading_page(request.user, row, form, _row_comments(request))
    return render(request, "programs/reports/report.html", context, status=status)


@require_POST
@access(WRITERS)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a sent report back before anybody has looked at it."""
    row = get_object_or_404(Report.objects.filter(program__agency_id__in=request.user.operated_agency_ids), pk=pk)
    with told(request, _("The report is a draft again; send it when it is right.")):
        report_services.withdraw_report(
            pk=row.pk, by=request.user, reason=typed_text(request.POST.get("reason"), limit=1000)
        )
    return redirect(row)


@require_POST
@access(roles(*DECIDE_REPORT.ladder, scope=Scope.PROVINCE))
@fresh
def withdraw_approval(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whoever approved a report takes that back before anybody has looked at it to verify."""
    row = _report_of(request, pk)
    insist(check_may_withdraw_approval, request.user, row)
    with told(request, _("The approval is taken back; the report waits for a decision again.")):
        report_services.withdraw_approval(
            pk=row.pk, by=request.user, reason=typed_text(request.POST.get("reason"), limit=1000)
        )
    return redirect(row)


@access(DECIDERS)
@fresh
def decisions(request: SignedInRequest) -> HttpResponse:
    """Everything that waits for this person, the unusual first and named; the rest can be approved together."""
    waiting = Report.objects.waiting_for(request.user).select_related("program__agency").with_agency_then()
    waiting = waiting.order_by("submitted_at", "pk")
    if request.method == "POST":
        versions = {}
        for name in request.POST:
            version = request.POST.get(name)
            key = whole_number(name.removeprefix("version-"), digits=18)
            if name.startswith("version-") and key and f"chosen-{key}" in request.POST:
                versions[key] = whole_number(version) or 0
        approved, skipped = report_services.decide_many(versions=versions, by=request.user)
        if approved:
            messages.success(request, _("%(count)s reports are approved.") % {"count": len(approved)})
        for report, why in skipped:
            messages.error(request, f"{report}: {why}")
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
            pk=row.pk, by=request.user, reason=typed_text(request.POST.get("reason"), limit=1000)
        )
    except ValidationError as error:
        return refused(request, error, row)
    return redirect(revision)


@access(roles(Role.VERIFIER, scope=Scope.PROVINCE))
def lock_period(request: SignedInRequest) -> HttpResponse:
    """What locking a period would lock and what lacks; then locking, or unlocking chosen OPD with a reason."""
    try:
        period = Period.parse(request.POST.get("period", "") or request.GET.get("period", ""))
    except ValueError:
        messages.error(request, _("Choose the period to lock."))
        return redirect("programs:reports")
    sent = request.POST if request.method == "POST" else request.GET
    agencies = {key for text in sent.getlist("agency") if (key := whole_number(text, digits=18))}
    if request.method != "POST":
        return render(request, "programs/reports/lock.html", lock_page(request.user, period, agencies=agencies))
    reason = typed_text(request.POST.get("reason"), limit=1000)
    try:
        said = _lock_or_unlock(request, period, reason)
    except ValidationError as error:
        problem = " ".join(error.messages)
        page = lock_page(request.user, period, agencies=agencies, reason=reason, problem=problem)
        return render(request, "programs/reports/lock.html", page, status=422)
    messages.success(request, said)
    return redirect(f"{reverse('programs:reports')}?period={period}")


def _lock_or_unlock(request: SignedInRequest, period: Period, reason: str) -> str:
    """Returns what is said of it."""
    if request.POST.get("act") != "unlock":
        count = report_services.lock_period(period=period, by=request.user, reason=reason)
        return _("%(count)s verified reports are locked.") % {"count": count}
    keys = [whole_number(name.removeprefix("program-"), digits=18) for name in request.POST if "program-" in name]
    programs = [key for key in keys if key]
    if not programs:
        raise ValidationError(_("Choose at least one report to unlock."))
    count = report_services.unlock_period(period=period, by=request.user, reason=reason, programs=programs)
    return _("%(count)s reports are unlocked: they are verified again.") % {"count": count}


@require_POST
@access(roles(*VERIFY_REPORT.ladder, scope=Scope.PROVINCE))
@fresh
def return_verified(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bappeda returns a verified report that is not locked, with a reason."""
    row = _report_of(request, pk)
    insist(check_may_return_verified, request.user, row)
    version = whole_number(request.POST.get("version")) or 0
    reason = typed_text(request.POST.get("reason"), limit=1000)
    try:
        with told(request, _("The report is returned to the operator.")):
            report_services.return_verified(pk=row.pk, by=request.user, version=version, comment=reason)
    except Conflict:
        messages.error(request, _("Somebody changed this report in the meantime. Read it again, then decide."))
    return redirect("programs:reports")
