"""The grid: a month or a quarter of an OPD in cells, saved one by one."""

import json
import tempfile
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from accounts.models import Agency
from core.access import access
from core.numbers import format_number
from core.periods import Period, PeriodKind
from core.request_values import whole_number
from programs.deadlines import due_months
from programs.registration.views import WRITERS
from programs.reports import cell_entry, workbook
from programs.reports import periods as report_periods
from programs.reports.cell_entry import MAX_CELLS, CellEntry, parse_cell_name
from programs.reports.earlier import texts_before
from programs.reports.entry_presenters import answer, grid_page, what_is_missing
from programs.validation import rows as validation_rows

MAX_BODY = 2 * 1024 * 1024


def period_or_404(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise Http404 from error
    if period.kind is PeriodKind.YEAR:
        raise Http404
    return period


def _agency(request: SignedInRequest) -> Agency | None:
    agency = request.workspace.agency
    return agency if agency is not None and request.user.operates(agency.pk) else None


@access(WRITERS)
def entry_start(request: SignedInRequest) -> HttpResponse:
    """To the period that is most wanted now: the month that ended last, within the chosen year. While no month of this
    year is over, that is last December."""
    year, today = request.workspace.fiscal_year, timezone.localdate()
    ended = due_months(year, today)
    if not ended and year == today.year:
        ended = due_months(year - 1, today)
    return redirect("programs:entry", str(ended[-1] if ended else Period(year, PeriodKind.MONTH, 1)))


@access(WRITERS)
def entry(request: SignedInRequest, period: str) -> HttpResponse:
    """The grid of the OPD for the period. A POST saves the whole form, for browsers without our script; its button for
    sending saves first, and sends where nothing was in the way."""
    when = period_or_404(period)
    agency = _agency(request)
    if agency is None:
        messages.error(request, _("Choose an OPD of which you are an operator, at the top of the page."))
        return redirect("home")
    outcomes: dict[str, cell_entry.Outcome] = {}
    if request.method == "POST":
        outcomes = _save_form(request, agency, when)
        is_saved = all(outcome.state == "saved" for outcome in outcomes.values())
        if is_saved and request.POST.get("act") == "send":
            return _send(request, agency, when)
    program = whole_number(request.GET.get("program"), digits=18)
    context = grid_page(agency, when, program, outcomes, request.workspace.fiscal_year)
    conflict = any(outcome.state == "conflict" for outcome in outcomes.values())
    return render(request, "programs/reports/entry.html", context, status=409 if conflict else 200)


def _save_form(request: SignedInRequest, agency: Agency, when: Period) -> dict[str, cell_entry.Outcome]:
    """Every cell of the form that differs from what is stored; a report that changed meanwhile gives conflicts. Raises
    PermissionDenied for a form with other reports than the page has now: nothing of it may vanish without a word."""
    reports = report_periods.newest_reports(agency, when)
    versions = {row.pk: whole_number(request.POST.get(f"version-{row.pk}"), digits=9) for row in reports}
    if {name for name in request.POST if name.startswith("version-")} - {f"version-{pk}" for pk in versions}:
        why = _("This form holds reports that %(agency)s does not have in this period (any more). Choose their OPD.")
        raise PermissionDenied(why % {"agency": agency})
    cells = cell_entry.changed_cells(request.POST, validation_rows.rows_of(reports), versions)
    return {outcome.name: outcome for outcome in cell_entry.save_cells(cells, by=request.user).outcomes}


@require_POST
@access(WRITERS)
def save_cells(request: SignedInRequest) -> HttpResponse:
    """`{"cells": [{"name", "text", "base"}]}` → what became of each, and the findings of the rows concerned."""
    if request.content_type != "application/json":  # a form's body is read already
        return JsonResponse({"problem": _("The cells could not be read. Load the page again.")}, status=400)
    if len(request.body) > MAX_BODY:
        return JsonResponse({"problem": _("Too much at once. Paste fewer rows, or shorter texts.")}, status=413)
    try:
        cells = _cells_of(request.body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return JsonResponse({"problem": _("The cells could not be read. Load the page again.")}, status=400)
    if len(cells) > MAX_CELLS:
        return JsonResponse({"problem": _("Too much at once. Paste fewer rows, or shorter texts.")}, status=413)
    return JsonResponse(answer(cell_entry.save_cells(cells, by=request.user), cells))


def _cells_of(body: bytes) -> list[CellEntry]:
    """Raises ValueError, KeyError, TypeError, AttributeError or RecursionError for what is not of our script."""
    return [
        CellEntry(*parse_cell_name(item["name"]), str(item["text"]), base=str(item["base"]))
        for item in json.loads(body)["cells"]
    ]


@require_safe
@access(WRITERS)
def entry_before(request: SignedInRequest, period: str) -> HttpResponse:
    """`{"cells": {name: text}}`: the open cells of the period as the one before was filled in."""
    when, agency = period_or_404(period), _agency(request)
    if agency is None:
        raise Http404
    return JsonResponse({"cells": texts_before(agency, when)})


@access(WRITERS)
def entry_workbook(request: SignedInRequest, period: str) -> HttpResponseBase:
    """The period as a workbook: filled in as far as it is, to be completed in Excel and handed back under Lists."""
    when, agency = period_or_404(period), _agency(request)
    if agency is None:
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    workbook.write(file, agency, when, validation_rows.rows_of(report_periods.newest_reports(agency, when)))
    file.seek(0)
    name = f"{'rfk' if when.kind is PeriodKind.MONTH else 'indikator'}-{agency.short_name}-{when}.xlsx".lower().replace(
        " ", "-"
    )
    response = FileResponse(file, as_attachment=True, filename=name, content_type=workbook.CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@access(WRITERS)
def open_period(request: SignedInRequest, period: str) -> HttpResponse:
    when, agency = period_or_404(period), _agency(request)
    if agency is None:
        raise Http404
    if when.first_day > timezone.localdate():
        messages.error(request, _("That period has not begun yet."))
    elif not report_periods.programs_to_report(agency, when).exists():
        messages.error(request, _("No registered programme of this OPD has anything to report in this period."))
    else:
        report_periods.open_period(agency=agency, period=when, by=request.user)
    return redirect("programs:entry", str(when))


@require_POST
@access(WRITERS)
def send_period(request: SignedInRequest, period: str) -> HttpResponse:
    """Send what is complete; what is not stays, with the reasons on the page."""
    when, agency = period_or_404(period), _agency(request)
    if agency is None:
        raise Http404
    return _send(request, agency, when)


def _send(request: SignedInRequest, agency: Agency, when: Period) -> HttpResponse:
    reports = [report for report in report_periods.newest_reports(agency, when) if report.is_editable]
    result = report_periods.send_period(reports=reports, by=request.user)
    if result.sent:
        count = len(result.sent)
        messages.success(
            request, _("%(count)s reports are sent to the head of the OPD.") % {"count": format_number(Decimal(count))}
        )
    for report, waiting in result.waiting:
        messages.error(request, f"{report.program}: {what_is_missing(waiting)}")
    return redirect(f"{reverse('programs:entry', args=[str(when)])}")
