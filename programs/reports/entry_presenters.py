"""What the grid of a period shows: tables of cells over all programmes, and the answer to cells that were saved."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from core.numbers import format_number
from core.periods import Period, PeriodKind
from core.text import shortened
from datasources.choices import Verdict
from programs.choices import ReportState
from programs.deadlines import due_quarters
from programs.models import Program, Progress, Recipients, Report, ReportValue, reporting_calendar
from programs.reports import cell_entry
from programs.reports import periods as report_periods
from programs.reports.cell_entry import LETTERS, CellEntry, Outcome, Row, Saved, cell_name, shown
from programs.reports.forms import PEOPLE_COLUMNS
from programs.reports.services import NotReady
from programs.reports.timeline import comments_on_rows, last_returns
from programs.validation import rows as validation_rows
from programs.validation.messages import words

Outcomes = dict[str, Outcome]
NAMES_SHOWN = 3
TONES: dict[str, str] = {
    Verdict.MATCHES: "good",
    Verdict.EXPLAIN: "warn",
    Verdict.DEVIATES: "bad",
    Verdict.NO_REFERENCE: "quiet",
}


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
    GridColumn(
        name,
        label,
        adds_up=True,
        last=name == "people",
        css="narrow" if name in {"children", "adults", "elderly"} else "",
    )
    for name, label in PEOPLE_COLUMNS.items()
] + [GridColumn("reason", gettext_lazy("Explanation"), is_text=True)]


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
class GridBlock:
    """One programme: its report and the rows in it."""

    program: Program
    report: Report
    comment: str = ""
    rows: list[GridRow] = field(default_factory=list)


@dataclass
class GridTable:
    """One kind of rows over all programmes: headings once, a block per programme."""

    kind: str
    name: str
    columns: list[GridColumn]
    blocks: list[GridBlock]

    @property
    def adds_up(self) -> bool:
        return any(column.adds_up for column in self.columns)


def grid_page(agency: Agency, when: Period, program: int | None, outcomes: Outcomes, year: int) -> dict[str, Any]:
    """The grid of the OPD's period (of one programme, where one is asked for); `outcomes` of a form just saved."""
    reports = report_periods.newest_reports(agency, when, program)
    calendar, today = reporting_calendar(), timezone.localdate()
    return {
        "period": when,
        "periods": _periods(year, when.kind),
        "agency": agency,
        "tables": _tables(reports, when, outcomes),
        "reports": reports,
        "missing": report_periods.missing_reports(agency, when, program),
        "has_begun": when.first_day <= today,
        "open_count": sum(report.is_editable for report in reports),
        "deadline": calendar.deadline(when),
        "is_late": calendar.is_late(when, today),
        "problems": [outcome for outcome in outcomes.values() if outcome.state != "saved"],
        "was_saved": bool(outcomes),
        "other_kind": str(_other(when, agency, today)),
        "before_label": _("As last month") if when.kind is PeriodKind.MONTH else _("As last quarter"),
    }


def _other(when: Period, agency: Agency, today: dt.date) -> Period:
    """The quarter of a month, or the first one before it that is over and still owed; the last month of a quarter."""
    if when.kind is PeriodKind.MONTH:
        quarter = Period.containing(when.first_day, PeriodKind.QUARTER)
        over = [each for each in due_quarters(when.year, today) if each <= quarter]
        late = sorted(item.period for item in report_periods.owed([agency], over)) if over else []
        return late[0] if late else quarter
    return Period.containing(when.last_day, PeriodKind.MONTH)


def _periods(year: int, kind: PeriodKind) -> list[Period]:
    if kind is PeriodKind.QUARTER:
        return list(Period(year).quarters())
    return [Period(year, PeriodKind.MONTH, number) for number in range(1, 13)]


def _tables(reports: list[Report], when: Period, outcomes: Outcomes) -> list[GridTable]:
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
                "r",
                str(_("Recipients reached")),
                RECIPIENT_COLUMNS,
                rows.recipients,
                by_pk,
                _last_people(rows.recipients, when),
                outcomes,
            ),
        ]
    _add_comments(tables, reports)
    return [table for table in tables if table.blocks]


def _add_comments(tables: list[GridTable], reports: list[Report]) -> None:
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
    outcomes: Outcomes,
) -> GridTable:
    blocks: dict[int, GridBlock] = {}
    for row in rows:
        report = reports[row.report_id]
        block = blocks.setdefault(report.pk, GridBlock(report.program, report))
        block.rows.append(_grid_row(kind, row, columns, last.get(row.pk), report.is_editable, outcomes))
    return GridTable(kind, name, columns, list(blocks.values()))


def _grid_row(kind: str, row: Row, columns: list[GridColumn], last: Any, is_open: bool, outcomes: Outcomes) -> GridRow:
    cells = []
    for column in columns:
        name = cell_name(kind, row.pk, column.name)
        outcome = outcomes.get(name)
        # A refused text stays in its cell to be shortened; a conflict's text is the one that the other person entered.
        stays = outcome is not None and (outcome.state == "conflict" or (outcome.state == "refused" and is_open))
        text = outcome.text if outcome is not None and stays else shown(row, column.name)
        cells.append(
            GridCell(
                name,
                text,
                _last_text(last, column),
                column,
                is_open and _takes(row, column.name),
                outcome.problem if outcome else "",
            )
        )
    title, detail = _title(row)
    verdict = row.verdict if isinstance(row, ReportValue) and row.value is not None else ""
    return GridRow(f"{kind}{row.pk}", title, detail, cells, findings(row), verdict)


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
    target = _("target %(target)s %(unit)s") % {"target": format_number(indicator.target or 0), "unit": indicator.unit}
    place = row.region.short_name if indicator.disaggregation == "none" else row.place
    return indicator.name, f"{place} · {target}"


def findings(row: Row) -> list[dict[str, str]]:
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


def answer(saved: Saved, cells: Iterable[CellEntry]) -> dict[str, Any]:
    """What became of each cell, and the findings of the reports concerned, for the script of the grid."""
    concerned = {(cell.kind, cell.pk) for cell in cells}
    reports = {row.report_id for row in saved.rows if (LETTERS[type(row)], row.pk) in concerned}
    return {
        "cells": [vars(outcome) for outcome in saved.outcomes],
        "rows": {f"{LETTERS[type(row)]}{row.pk}": _row_answer(row) for row in saved.rows if row.report_id in reports},
        "versions": {report.pk: report.version for report in saved.reports},
        "at": timezone.localtime().strftime("%H.%M.%S"),
    }


def _row_answer(row: Row) -> dict[str, Any]:
    said: dict[str, Any] = {"findings": findings(row)}
    if not isinstance(row, ReportValue):
        return said
    is_judged = row.value is not None
    said["verdict"] = str(Verdict(row.verdict).label) if is_judged else ""
    said["tone"] = TONES[row.verdict] if is_judged else ""
    if row.indicator.is_fraction:
        said["value"] = shown(row, "value")
    return said


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
            names = ", ".join(dict.fromkeys(shortened(_title(row)[0], 60) for row in rows[:NAMES_SHOWN]))
            more = f" (+{len(rows) - NAMES_SHOWN})" if len(rows) > NAMES_SHOWN else ""
            parts.append(text % {"rows": names + more})
    return "; ".join(parts) + "."
