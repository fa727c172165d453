"""Rows of a list into the rows of the OPD's reports, as if they had been typed: judged, and left as drafts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset
from core.importing.messages import MESSAGES
from core.periods import Period
from programs.choices import ReportKind
from programs.models import Report
from programs.reports import cell_entry
from programs.reports import services as report_services
from programs.reports.cell_entry import LETTERS, CellEntry, Row
from programs.validation import rows as validation_rows
from programs.validation.rows import ReportedRows

MESSAGES |= {"report_closed": _("the report of this period is “%(state)s” already; ask for its return first")}


def closed_reports(scope: ImportScope, kind: ReportKind) -> dict[tuple[int, Period], str]:
    """The OPD's reports of the year that are sent already: (programme, period) → state in words."""
    reports = Report.objects.filter(
        kind=kind, program__agency=scope.agency, period__contained_by=Period(scope.fiscal_year), is_current=True
    )
    return {(row.program_id, row.period): str(row.get_state_display()) for row in reports if not row.is_editable}


class ReportRows(EntryDataset):
    """Lists that fill reports, as if typed. `entry.source["closed"]` is the report's state in words once it is sent."""

    def too_late(self, entry: Entry, there: Any) -> tuple[str, str, dict[str, Any]] | None:
        return ("", "report_closed", {"state": entry.source["closed"]}) if entry.source["closed"] else None


def fill_reports(
    entries: Sequence[Entry],
    scope: ImportScope,
    rows_in: Callable[[ReportedRows], Iterable[Row]],
    key_of: Callable[[Any], tuple[Any, ...]],
) -> None:
    """`entry.key` is (period, …): the rest is what `key_of` gives for a row; `entry.source["program"]` owns the
    report."""
    wanted = {entry.key: entry.values for entry in entries}
    owners = {(entry.key[0], entry.source["program"].pk): entry.source["program"] for entry in entries}
    opened = [report_services.open_report(program=owners[key], period=key[0], by=scope.user) for key in sorted(owners)]
    reports = cell_entry.locked_reports((report.pk for report in opened), scope.user)
    rows = validation_rows.rows_of(reports.values())
    cells = [
        CellEntry(LETTERS[type(row)], row.pk, name, value)
        for row in rows_in(rows)
        for name, value in wanted.get((row.report.period, *key_of(row)), {}).items()
    ]
    cell_entry.save_into(rows, reports, cells, by=scope.user)
