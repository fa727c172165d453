"""Rows of a list into the rows of the OPD's reports, as if they had been typed: judged, and left as drafts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset
from core.importing.messages import MESSAGES
from core.importing.trial import NotPlaced, Refusal
from core.periods import Period
from programs.choices import ReportKind
from programs.models import Report, ReportValue
from programs.reports import cell_entry
from programs.reports import services as report_services
from programs.reports.cell_entry import LETTERS, CellEntry, Row
from programs.validation import rows as validation_rows
from programs.validation.rows import ReportedRows

MESSAGES |= {
    "report_closed": _("the report of this period is “%(state)s” already; ask for its return first"),
    "no_such_row": _(
        "the report has no such row (region, category or sub-activity); use the workbook that the portal writes"
    ),
    "fraction": _(
        "is worked out from numerator and denominator: fill in pembilang and penyebut, in the workbook that the portal"
        " writes"
    ),
    "cell_refused": _("can't be taken over: %(reason)s"),
}


def closed_reports(scope: ImportScope, kind: ReportKind) -> dict[tuple[int, Period], str]:
    """The OPD's reports of the year that are sent already: (programme, period) → state in words."""
    reports = Report.objects.filter(
        kind=kind, program__agency=scope.agency, period__contained_by=Period(scope.fiscal_year), is_current=True
    )
    return {(row.program_id, row.period): str(row.get_state_display()) for row in reports if not row.is_editable}


class ReportRows(EntryDataset):
    """Lists that fill reports, as if typed. `entry.source["closed"]` is the report's state in words once it is sent."""

    needs_values = True

    def too_late(self, entry: Entry, there: Any) -> tuple[str, str, dict[str, Any]] | None:
        return ("", "report_closed", {"state": entry.source["closed"]}) if entry.source["closed"] else None


def fill_reports(
    entries: Sequence[Entry],
    scope: ImportScope,
    rows_in: Callable[[ReportedRows], Iterable[Row]],
    key_of: Callable[[Any], tuple[Any, ...]],
) -> None:
    """`entry.key` is (period, …): the rest is what `key_of` gives for a row; `entry.source["program"]` owns the
    report. Raises NotPlaced where the reports have no such row, or a cell doesn't take the value."""
    wanted = {entry.key: entry.values for entry in entries}
    owners = {(entry.key[0], entry.source["program"].pk): entry.source["program"] for entry in entries}
    opened = [report_services.open_report(program=owners[key], period=key[0], by=scope.user) for key in sorted(owners)]
    reports = cell_entry.locked_reports((report.pk for report in opened), scope.user)
    rows = validation_rows.rows_of(reports.values())
    there = {(row.report.period, *key_of(row)): row for row in rows_in(rows)}
    cells = _cells_for(wanted, there)
    outcomes = cell_entry.save_into(rows, reports, [cell for _key, cell in cells.values()], by=scope.user)
    lacking = _without_place(wanted, there)
    for outcome in outcomes:
        if outcome.state != "saved":
            key, cell = cells[outcome.name]
            lacking[key] = cell.field, "cell_refused", {"reason": outcome.problem}
    if lacking:
        raise NotPlaced(lacking)


def _cells_for(wanted: Mapping[Any, dict[str, Any]], there: Mapping[Any, Row]) -> dict[str, tuple[Any, CellEntry]]:
    """The cells of the reports that take the values, by their names, with the key of the entry."""
    cells = {}
    for key, row in there.items():
        for name, value in wanted.get(key, {}).items():
            cell = CellEntry(LETTERS[type(row)], row.pk, name, value)
            cells[cell.name] = key, cell
    return cells


def _without_place(wanted: Mapping[Any, dict[str, Any]], there: Mapping[Any, Row]) -> dict[Any, Refusal]:
    """What no row of the reports takes, and what the portal divides itself."""
    found: dict[Any, Refusal] = {key: ("", "no_such_row", {}) for key in wanted if key not in there}
    for key, row in there.items():
        for name in wanted.get(key, {}):
            if is_worked_out(row, name):
                found[key] = name, "fraction", {}
    return found


def is_worked_out(row: Row, name: str) -> bool:
    """Whether the portal divides it itself: what a list says of it would be forgotten."""
    return isinstance(row, ReportValue) and name == "value" and row.indicator.is_fraction
