"""The grid: a month or a quarter of an OPD in cells, saved one by one."""

import json
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from accounts.models import Agency
from core.access import access
from core.numbers import format_number
from core.periods import Period, PeriodKind
from core.request_values import whole_number
from datasources.choices import Verdict
from programs.choices import ReportState
from programs.models import Program, Progress, Recipients, Report, ReportValue, reporting_calendar
from programs.registration.views import WRITERS
from programs.reports import cell_entry, workbook
from programs.reports import periods as report_periods
from programs.reports.cell_entry import MAX_CELLS, CellEntry, Row, cell_name, parse_cell_name, shown
from programs.reports.services import NotReady
from programs.reports.timeline import comments_on_rows, last_returns
from programs.validation import rows as validation_rows
from programs.validation.messages import words

MAX_BODY = 2 * 1024 * 1024


@dataclass(frozen=True)
class GridColumn:
    """`adds_up`: its sum stands below, live; `is_text`: words, not figures; `last`: the earlier period beside it."""

    name: str
    label: str | Promise
    adds_up: bool = False
    is_text: bool = False
    last: bool = False
    css: str = ""


MONTH_COLUMNS = [
    GridColumn("planned_rupiah", gettext_lazy("Cash plan (RAK), Rp"), adds_up=True),
    GridColumn("financial_rupiah", gettext_lazy("Spent so far, Rp"), adds_up=True, last=True),
    GridColumn("physical_percent", gettext_lazy("Physical progress"), last=True, css="narrow"),
    GridColumn("obstacle", gettext_lazy("Obstacle"), is_text=True),
    GridColumn("reason", gettext_lazy("Explanation"), is_text=True),
]
VALUE_COLUMNS = [
    GridColumn("numerator", gettext_lazy("Numerator")),
    GridColumn("denominator", gettext_lazy("Denominator")),
    GridColumn("value", gettext_lazy("Value"), last=True),
    GridColumn("reason", gettext_lazy("Explanation"), is_text=True),
    GridColumn("helped", gettext_lazy("What helped"), is_text=True),
]
RECIPIENT_COLUMNS = [
    GridColumn("people", gettext_lazy("People reached"), adds_up=True, last=True),
    GridColumn("male", gettext_lazy("Male"), adds_up=True),
    GridColumn("female", gettext_lazy("Female"), adds_up=True),
    GridColumn("children", gettext_lazy("0–17"), adds_up=True, css="narrow"),
    GridColumn("adults", gettext_lazy("18–59"), adds_up=True, css="narrow"),
    GridColumn("elderly", gettext_lazy("60+"), adds_up=True, css="narrow"),
    GridColumn("disabled", gettext_lazy("With a disability"), adds_up=True),
    GridColumn("reason", gettext_lazy("Explanation"), is_text=True),
]


@dataclass
class GridCell:
    name: str
    text: str
    last: str
    column: GridColumn
    is_open: bool
    problem: str = ""


@dataclass
class GridRow:
    key: str
    title: str
    detail: str
    cells: list[GridCell]
    findings: list[dict[str, str]]
    verdict: str = ""
    comment: str = ""


@dataclass
class Block:
    """One programme: its report and the rows in it."""

    program: Program
    report: Report
    comment: str = ""
    rows: list[GridRow] = field(default_factory=list)


@dataclass
class Table:
    """One kind of rows over all programmes: headings once, a block per programme."""

    kind: str
    name: str
    columns: list[GridColumn]
    blocks: list[Block]

    @property
    def adds_up(self) -> bool:
        return any(column.adds_up for column in self.columns)


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
    """To the period that is most wanted now: the month that ended last, within the chosen year."""
    year, today = request.workspace.fiscal_year, timezone.localdate()
    months = [Period(year, PeriodKind.MONTH, number) for number in range(1, 13)]
    ended = [month for month in months if month.last_day < today]
    return redirect("programs:entry", str((ended or months)[-1] if ended else months[0]))


@access(WRITERS)
def entry(request: SignedInRequest, period: str) -> HttpResponse:
    """The grid of the OPD for the period. A POST saves the whole form, for browsers without our script."""
    when = period_or_404(period)
    agency = _agency(request)
    if agency is None:
        messages.error(request, _("Choose an OPD of which you are an operator, at the top of the page."))
        return redirect("home")
    outcomes: dict[str, cell_entry.Outcome] = {}
    if request.method == "POST":
        outcomes = _save_form(request, agency, when)
    tables, reports = _tables(agency, when, whole_number(request.GET.get("program"), digits=18), outcomes)
    wanted = report_periods.programs_to_report(agency, when).count()
    calendar = reporting_calendar()
    context = {
        "period": when,
        "periods": _periods(request.workspace.fiscal_year, when.kind),
        "agency": agency,
        "tables": tables,
        "reports": reports,
        "missing": max(0, wanted - len({report.program_id for report in reports})),
        "has_begun": when.first_day <= timezone.localdate(),
        "open_count": sum(report.is_editable for report in reports),
        "deadline": calendar.deadline(when),
        "is_late": calendar.is_late(when, timezone.localdate()),
        "problems": [outcome for outcome in outcomes.values() if outcome.state != "saved"],
        "was_saved": bool(outcomes),
        "other_kind": str(_other(when)),
    }
    conflict = any(outcome.state == "conflict" for outcome in outcomes.values())
    return render(request, "programs/reports/entry.html", context, status=409 if conflict else 200)


def _other(when: Period) -> Period:
    """The quarter of a month, the last month of a quarter."""
    if when.kind is PeriodKind.MONTH:
        return Period.containing(when.first_day, PeriodKind.QUARTER)
    return Period.containing(when.last_day, PeriodKind.MONTH)


def _periods(year: int, kind: PeriodKind) -> list[Period]:
    if kind is PeriodKind.QUARTER:
        return list(Period(year).quarters())
    return [Period(year, PeriodKind.MONTH, number) for number in range(1, 13)]


def reports_of(agency: Agency, when: Period, program: int | None = None) -> list[Report]:
    """The newest report of each programme for the period, in the order of the list."""
    rows = Report.objects.filter(program__agency=agency, period=when).select_related("program__nomenclature")
    if program:
        rows = rows.filter(program=program)
    newest = {}
    for report in rows.order_by("program__nomenclature__code", "program_id", "revision"):
        newest[report.program_id] = report
    return list(newest.values())


def _tables(
    agency: Agency, when: Period, program: int | None, outcomes: dict[str, cell_entry.Outcome]
) -> tuple[list[Table], list[Report]]:
    reports = reports_of(agency, when, program)
    by_pk = {report.pk: report for report in reports}
    rows = validation_rows.rows_of(reports)
    if when.kind is PeriodKind.MONTH:
        before = validation_rows.last_progress(rows.progress, when) if rows.progress else {}
        last = {row.pk: before.get(row.sub_activity_id) for row in rows.progress}
        tables = [
            _table("p", str(_("Progress of sub-activities")), MONTH_COLUMNS, rows.progress, by_pk, last, outcomes)
        ]
    else:
        last_values = _last_values(rows.values, when)
        columns = VALUE_COLUMNS if any(row.indicator.is_fraction for row in rows.values) else VALUE_COLUMNS[2:]
        tables = [
            _table("v", str(_("Indicators")), columns, rows.values, by_pk, last_values, outcomes),
            _table(
                "r", str(_("Recipients reached")), RECIPIENT_COLUMNS, rows.recipients, by_pk, _last_people(rows.recipients, when), outcomes
            ),
        ]  # fmt: skip
    _add_comments(tables, reports)
    return [table for table in tables if table.blocks], reports


def _add_comments(tables: list[Table], reports: list[Report]) -> None:
    """What was said when a report came back, at its programme and at its rows. Two queries, none without a return."""
    returned = [report.pk for report in reports if report.state == ReportState.RETURNED]
    if not returned:
        return
    steps = last_returns(returned)
    by_row = comments_on_rows(steps.values())
    for table in tables:
        for block in table.blocks:
            block.comment = steps[block.report.pk].comment if block.report.pk in steps else ""
            for row in block.rows:
                row.comment = by_row.get(row.key, "")


def _last_values(values: list[ReportValue], when: Period) -> dict[int, Any]:
    histories = validation_rows.value_histories(values, when) if values else {}
    return {
        row.pk: {"value": history[-1][1]}
        for row in values
        if (history := histories.get((row.indicator_id, row.region_id, row.category)))
    }


def _last_people(rows: list[Recipients], when: Period) -> dict[int, Any]:
    earlier = (
        Recipients.objects.filter(
            report__program__in={row.report.program_id for row in rows},
            report__is_current=True,
            report__period=when.previous(),
        ).values_list("report__program_id", "region_id", "people")
        if rows
        else []
    )
    found = {(program, region): people for program, region, people in earlier}
    return {row.pk: {"people": found.get((row.report.program_id, row.region_id))} for row in rows}


def _table(
    kind: str,
    name: str,
    columns: list[GridColumn],
    rows: Any,
    reports: dict[int, Report],
    last: dict[int, Any],
    outcomes: dict[str, cell_entry.Outcome],
) -> Table:
    blocks: dict[int, Block] = {}
    for row in rows:
        report = reports[row.report_id]
        block = blocks.setdefault(report.pk, Block(report.program, report))
        block.rows.append(_grid_row(kind, row, columns, last.get(row.pk), report.is_editable, outcomes))
    return Table(kind, name, columns, list(blocks.values()))


def _grid_row(
    kind: str, row: Row, columns: list[GridColumn], last: Any, is_open: bool, outcomes: dict[str, cell_entry.Outcome]
) -> GridRow:
    cells = []
    for column in columns:
        name = cell_name(kind, row.pk, column.name)
        outcome = outcomes.get(name)
        text = outcome.text if outcome and outcome.state == "conflict" else shown(row, column.name)
        cells.append(
            GridCell(name, text, _last_text(last, column), column, is_open and _takes(row, column.name), outcome.problem if outcome else "")
        )  # fmt: skip
    title, detail = _title(row)
    verdict = row.verdict if isinstance(row, ReportValue) and row.value is not None else ""
    return GridRow(f"{kind}{row.pk}", title, detail, cells, _findings(row), verdict)


def _takes(row: Row, name: str) -> bool:
    """A fraction is typed as numerator and denominator, everything else as the value."""
    if not isinstance(row, ReportValue) or name not in {"numerator", "denominator", "value"}:
        return True
    return row.indicator.is_fraction == (name != "value")


def _last_text(last: Any, column: GridColumn) -> str:
    if last is None or not column.last:
        return ""
    value = last.get(column.name) if isinstance(last, dict) else getattr(last, column.name)
    return "" if value is None else format_number(value)


def _title(row: Row) -> tuple[str, str]:
    if isinstance(row, Progress):
        ceiling = format_number(row.sub_activity.ceiling_rupiah)
        return row.sub_activity.name, _("ceiling %(amount)s") % {"amount": ceiling}
    if isinstance(row, Recipients):
        return row.region.short_name, ""
    indicator = row.indicator
    target = _("target %(target)s %(unit)s") % {"target": format_number(indicator.target), "unit": indicator.unit}
    place = row.region.short_name if indicator.disaggregation == "none" else row.place
    return indicator.name, f"{place} · {target}"


def _findings(row: Row) -> list[dict[str, str]]:
    found = [{"severity": item["severity"], "text": words(item), "field": item["field"]} for item in row.findings]
    if (
        isinstance(row, ReportValue)
        and row.verdict in {Verdict.EXPLAIN, Verdict.DEVIATES}
        and row.reference is not None
    ):
        text = _("Official figure %(figure)s: explain the difference.") % {"figure": format_number(row.reference.value)}
        found.append({"severity": "warning", "text": text, "field": "value"})
    found += [{"severity": "error", "text": cell_entry.problem_of(row, name), "field": name} for name in row.typed]
    return found


def _save_form(request: SignedInRequest, agency: Agency, when: Period) -> dict[str, cell_entry.Outcome]:
    """Every cell of the form that differs from what is stored; a report that changed meanwhile gives conflicts."""
    reports = reports_of(agency, when)
    versions = {row.pk: whole_number(request.POST.get(f"version-{row.pk}"), digits=9) for row in reports}
    cells = cell_entry.changed_cells(request.POST, validation_rows.rows_of(reports), versions)
    return {outcome.name: outcome for outcome in cell_entry.save_cells(cells, by=request.user).outcomes}


@require_POST
@access(WRITERS)
def save_cells(request: SignedInRequest) -> HttpResponse:
    """`{"cells": [{"name", "text", "base"}]}` → what became of each, and the findings of the rows concerned."""
    if len(request.body) > MAX_BODY:
        return JsonResponse({"problem": _("Too much at once. Paste fewer rows.")}, status=413)
    try:
        items = json.loads(request.body)["cells"]
        cells = []
        for item in items:
            kind, pk, name = parse_cell_name(item["name"])
            cells.append(CellEntry(kind, pk, name, str(item["text"]), base=str(item["base"])))
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"problem": _("The cells could not be read. Load the page again.")}, status=400)
    if len(cells) > MAX_CELLS:
        return JsonResponse({"problem": _("Too much at once. Paste fewer rows.")}, status=413)
    saved = cell_entry.save_cells(cells, by=request.user)
    concerned = {(cell.kind, cell.pk) for cell in cells}
    reports = {row.report_id for row in saved.rows if (cell_entry.LETTERS[type(row)], row.pk) in concerned}
    rows = {}
    for row in saved.rows:
        if row.report_id in reports:
            letter = cell_entry.LETTERS[type(row)]
            entry_of_row: dict[str, Any] = {"findings": _findings(row)}
            if isinstance(row, ReportValue):
                entry_of_row["verdict"] = str(Verdict(row.verdict).label) if row.value is not None else ""
                entry_of_row["tone"] = TONES[row.verdict] if row.value is not None else ""
                if row.indicator.is_fraction:
                    entry_of_row["value"] = shown(row, "value")
            rows[f"{letter}{row.pk}"] = entry_of_row
    return JsonResponse(
        {
            "cells": [vars(outcome) for outcome in saved.outcomes],
            "rows": rows,
            "versions": {report.pk: report.version for report in saved.reports},
            "at": timezone.localtime().strftime("%H.%M.%S"),
        }
    )


TONES: dict[str, str] = {
    Verdict.MATCHES: "good",
    Verdict.EXPLAIN: "warn",
    Verdict.DEVIATES: "bad",
    Verdict.NO_REFERENCE: "quiet",
}


@access(WRITERS)
def entry_workbook(request: SignedInRequest, period: str) -> HttpResponseBase:
    """The period as a workbook: filled in as far as it is, to be completed in Excel and handed back under Lists."""
    when, agency = period_or_404(period), _agency(request)
    if agency is None:
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    workbook.write(file, agency, when, validation_rows.rows_of(reports_of(agency, when)))
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
    reports = [report for report in reports_of(agency, when) if report.is_editable]
    result = report_periods.send_period(reports=reports, by=request.user)
    if result.sent:
        count = len(result.sent)
        messages.success(
            request, _("%(count)s reports are sent to the head of the OPD.") % {"count": format_number(Decimal(count))}
        )
    for report, waiting in result.waiting:
        messages.error(request, f"{report.program}: {what_is_missing(waiting)}")
    return redirect(f"{reverse('programs:entry', args=[str(when)])}")


def what_is_missing(waiting: NotReady) -> str:
    """In one sentence, with the first rows by name."""
    parts = []
    for rows, text in (
        (waiting.blank, _("without a figure: %(rows)s")),
        (waiting.wrong, _("to be corrected: %(rows)s")),
        (waiting.silent, _("to be explained: %(rows)s")),
        (waiting.without_file, _("without an evidence file: %(rows)s")),
    ):
        if rows:
            names = ", ".join(dict.fromkeys(_title(row)[0][:60] for row in rows[:3]))
            more = f" (+{len(rows) - 3})" if len(rows) > 3 else ""  # noqa: PLR2004
            parts.append(text % {"rows": names + more})
    return "; ".join(parts) + "."
