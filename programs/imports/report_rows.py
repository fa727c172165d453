"""Rows of a list into the rows of the OPD's reports, as if they had been typed: judged, and left as drafts."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from core.importing.datasets import Scope
from core.importing.entries import Entry
from core.periods import Period
from programs.choices import ReportKind
from programs.models import Report
from programs.reports import cell_entry
from programs.reports import services as report_services
from programs.reports.cell_entry import Row
from programs.validation import rows as validation_rows
from programs.validation.rows import Rows


def closed_reports(scope: Scope, kind: ReportKind) -> dict[tuple[int, Period], str]:
    """The OPD's reports of the year that are sent already: (programme, period) → state in words."""
    reports = Report.objects.filter(
        kind=kind, program__agency=scope.agency, period__contained_by=Period(scope.fiscal_year), is_current=True
    )
    return {(row.program_id, row.period): str(row.get_state_display()) for row in reports if not row.is_editable}


def fill_reports(
    entries: Iterable[Entry],
    scope: Scope,
    rows_in: Callable[[Rows], Iterable[Row]],
    key_of: Callable[[Any], tuple[Any, ...]],
) -> None:
    """`entry.key` is (period, …): the rest is what `key_of` gives for a row; `entry.source["program"]` owns the report."""
    by_period: dict[Period, list[Entry]] = {}
    for entry in entries:
        by_period.setdefault(entry.key[0], []).append(entry)
    now = timezone.now()
    for period in sorted(by_period):
        wanted = {entry.key[1:]: entry.values for entry in by_period[period]}
        programs = {entry.source["program"].pk: entry.source["program"] for entry in by_period[period]}
        reports = [
            report_services.open_report(program=program, period=period, by=scope.user) for program in programs.values()
        ]
        rows = validation_rows.rows_of(reports)
        for row in rows_in(rows):
            for name, value in wanted.get(key_of(row), {}).items():
                setattr(row, name, value)
                row.typed.pop(name, None)
                row.changed_by, row.changed_at = scope.user, now
        validation_rows.judge(rows, period)
        cell_entry.write(rows)
        for report in reports:
            report.save_next_version(update_fields=["version", "updated_at"])
