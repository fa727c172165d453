"""A period as the one before it was filled in: what "as last month" puts into the grid."""

from accounts.models import Agency
from core.periods import Period
from programs.models import Progress, Recipients, ReportValue
from programs.reports import periods as report_periods
from programs.reports.cell_entry import FIELDS, LETTERS, Row, cell_name, shown
from programs.validation import rows as validation_rows


def texts_before(agency: Agency, when: Period) -> dict[str, str]:
    """Cell → the text of the same row's cell in the period before, for the cells of the OPD's reports that are still
    open. A row that was not there then, or a blank cell, has none."""
    reports = [report for report in report_periods.newest_reports(agency, when) if report.is_editable]
    earlier = report_periods.newest_reports(agency, when.previous())
    before = {_what(row): row for row in validation_rows.rows_of(earlier).everything()}
    texts = {}
    for row in validation_rows.rows_of(reports).everything():
        same = before.get(_what(row))
        if same is None:
            continue
        letter = LETTERS[type(row)]
        for name in FIELDS[letter]:
            if text := shown(same, name):
                texts[cell_name(letter, row.pk, name)] = text
    return texts


def _what(row: Row) -> tuple[object, ...]:
    """What a row is about, in whichever period."""
    match row:
        case ReportValue():
            return "v", row.indicator_id, row.region_id, row.category
        case Progress():
            return "p", row.sub_activity_id
        case Recipients():
            return "r", row.report.program_id, row.region_id
