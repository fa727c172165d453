"""A period of an OPD as an Excel workbook, filled in as far as it is; the same headings come back through the import.

The monthly one has the columns of SIPD's `data_rfk` under names for people, so it is the RFK report at the same time.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency
from core.exports.formulas import safe_text
from core.exports.workbooks import NewWorkbook, new_workbook
from core.formats import moment
from core.formats import period as period_text
from core.importing.fields import CLEAR
from core.importing.versions import row_version
from core.numbers import Limits
from core.periods import Period, PeriodKind
from programs.models import Progress, Recipients, ReportValue
from programs.models.reports import ReportedRow
from programs.validation.rows import ReportedRows

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What mostly stands in the way; Excel offers them, anything else may be written all the same.
OBSTACLES = [
    "Pengadaan belum selesai",
    "Gagal tender",
    "Penyedia terlambat",
    "Cuaca atau banjir",
    "Lahan belum siap",
    "Menunggu petunjuk teknis",
    "Pergeseran anggaran",
    "Data sasaran belum lengkap",
]


@dataclass(frozen=True)
class WorkbookColumn:
    """`is_open`: to be filled in; the others are locked. `limits` are checked by Excel while typing."""

    heading: str
    width: int
    is_open: bool = False
    limits: Limits | None = None
    is_text: bool = False
    choices: list[str] | None = None

    @property
    def style(self) -> str:
        return f"{'open' if self.is_open else 'locked'}{'' if self.is_text else '_number'}"


VERSION = WorkbookColumn("Versi baris", 14, is_text=True)
RFK = [
    WorkbookColumn("Bulan", 7),
    WorkbookColumn("Kode SBL", 22),
    WorkbookColumn("Nama sub kegiatan", 46, is_text=True),
    WorkbookColumn("Pagu (Rp)", 18),
    WorkbookColumn("RAK (Rp)", 18, is_open=True, limits=Progress.LIMITS["planned_rupiah"]),
    WorkbookColumn("Realisasi anggaran (Rp)", 18, is_open=True, limits=Progress.LIMITS["financial_rupiah"]),
    WorkbookColumn("Realisasi fisik (%)", 14, is_open=True, limits=Progress.LIMITS["physical_percent"]),
    WorkbookColumn("Permasalahan", 36, is_open=True, is_text=True, choices=OBSTACLES),
    WorkbookColumn("Penjelasan", 36, is_open=True, is_text=True),
    WorkbookColumn("Catatan verifikator", 30, is_text=True),
    VERSION,
]
VALUES = [
    WorkbookColumn("Triwulan", 9),
    WorkbookColumn("ID indikator", 12),
    WorkbookColumn("Indikator", 46, is_text=True),
    WorkbookColumn("Kode wilayah", 13, is_text=True),
    WorkbookColumn("Wilayah", 24, is_text=True),
    WorkbookColumn("Kode kategori", 13, is_text=True),
    WorkbookColumn("Satuan", 12, is_text=True),
    WorkbookColumn("Target", 14),
    WorkbookColumn("Pembilang", 14, is_open=True, limits=ReportValue.LIMITS["numerator"]),
    WorkbookColumn("Penyebut", 14, is_open=True, limits=ReportValue.LIMITS["denominator"]),
    WorkbookColumn("Realisasi", 14, is_open=True),
    WorkbookColumn("Penjelasan", 36, is_open=True, is_text=True),
    WorkbookColumn("Pendorong", 36, is_open=True, is_text=True),
    VERSION,
]


RECIPIENTS = [
    WorkbookColumn("Triwulan", 9),
    WorkbookColumn("ID program", 11),
    WorkbookColumn("Program", 46, is_text=True),
    WorkbookColumn("Kode wilayah", 13, is_text=True),
    WorkbookColumn("Wilayah", 24, is_text=True),
    *(
        WorkbookColumn(heading, 14, is_open=True, limits=limits)
        for heading, limits in zip(
            ("Penerima", "Laki-laki", "Perempuan", "Umur 0–17", "Umur 18–59", "Umur 60 ke atas", "Disabilitas"),
            Recipients.LIMITS.values(),
            strict=True,
        )
    ),
    WorkbookColumn("Penjelasan", 36, is_open=True, is_text=True),
    VERSION,
]


def write(file: BinaryIO, agency: Agency, period: Period, rows: ReportedRows) -> None:
    """One sheet to fill in and one that says how; the headings and what identifies a row are locked."""
    with new_workbook(file, in_order=False) as book:
        if period.kind is PeriodKind.MONTH:
            _sheet(book, "RFK", RFK, [_progress(period, row) for row in rows.progress])
        else:
            _sheet(book, "Indikator", VALUES, [_value(period, row) for row in rows.values])
            _sheet(book, "Penerima", RECIPIENTS, [_recipients(period, row) for row in rows.recipients])
        book.facts("Petunjuk", _instructions(agency, period), widths=(24, 90))


def _progress(period: Period, row: Progress) -> list[Any]:
    sub = row.sub_activity
    return [
        period.number,
        sub.sbl_code,
        sub.name,
        sub.ceiling_rupiah,
        row.planned_rupiah,
        row.financial_rupiah,
        row.physical_percent,
        row.obstacle,
        row.reason,
        row.verifier_note,
        _version(row),
    ]


def _value(period: Period, row: ReportValue) -> list[Any]:
    indicator = row.indicator
    return [
        period.number,
        indicator.pk,
        indicator.name,
        row.region.kemendagri_code,
        row.region.name,
        row.category,
        indicator.unit.name,
        indicator.target,
        row.numerator,
        row.denominator,
        row.value,
        row.reason,
        row.helped,
        _version(row),
    ]


def _recipients(period: Period, row: Recipients) -> list[Any]:
    return [
        period.number,
        row.report.program_id,
        row.report.program.name,
        row.region.kemendagri_code,
        row.region.name,
        row.people,
        row.male,
        row.female,
        row.children,
        row.adults,
        row.elderly,
        row.disabled,
        row.reason,
        _version(row),
    ]


def _version(row: ReportedRow) -> str:
    return row_version(getattr(row, name) for name in row.TYPED)


def _sheet(book: NewWorkbook, name: str, columns: list[WorkbookColumn], rows: list[list[Any]]) -> None:
    page = book.page(name, [(column.heading, column.width) for column in columns], freeze=(1, 3))
    for index, column in enumerate(columns):
        if rows:
            _check_while_typing(page, index, len(rows), column)
    styles = [book.style(column.style) for column in columns]
    for at, row in enumerate(rows, start=1):
        for index, (style, value) in enumerate(zip(styles, row, strict=True)):
            _write(page, at, index, value, style)
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True})


def _check_while_typing(page: Any, index: int, last_row: int, column: WorkbookColumn) -> None:
    """Excel refuses a figure beyond the column's limits, and offers what mostly stands in a column of words."""
    if column.limits:
        low, high = column.limits.lowest, column.limits.highest
        rule = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_title": _("Check the figure"),
            "error_message": _("Write a figure from %(low)s to %(high)s.") % {"low": low, "high": high},
        }
        page.data_validation(1, index, last_row, index, rule)
    if column.choices:
        offer = {"validate": "list", "source": column.choices, "error_type": "information", "show_error": False}
        page.data_validation(1, index, last_row, index, offer)


def _write(page: Any, at: int, index: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(at, index, None, style)
    elif isinstance(value, Decimal | int):
        page.write_number(at, index, value, style)
    else:
        page.write_string(at, index, safe_text(value), style)


def _instructions(agency: Agency, period: Period) -> list[tuple[Any, Any]]:
    """What the workbook is for, and how to fill it in."""
    return [
        ("OPD", agency.name),
        (_("Period"), period_text(period)),
        (_("Written"), moment(timezone.now())),
        (_("How"), _("Fill in the light cells, save, and hand the workbook in under Lists (Excel, SIPD).")),
        (
            _("Emptying"),
            _("A blank cell changes nothing. To empty what the portal holds, write %(word)s into the cell.")
            % {"word": CLEAR},
        ),
        (_("Counting"), _("Money and progress are counted from January to the end of the month.")),
    ]
