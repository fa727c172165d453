"""People reached, by region: the sheet “Penerima” of the portal's own workbook."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.models import Region
from core.periods import Period
from core.text import shortened
from programs.choices import ReportKind
from programs.imports.report_rows import ReportRows, closed_reports, fill_reports
from programs.imports.results import begun_quarter
from programs.models import Program, Recipients
from programs.models.limits import HEADCOUNT

MESSAGES |= {
    "unknown_program": _("is not a registered programme of your OPD in %(year)s"),
    "region_not_of_program": _("is not a region of this programme"),
}
PEOPLE = list(Recipients.LIMITS)


class RecipientsSheet(ReportRows):
    label = _("Recipients of a quarter (the portal's workbook)")
    hint = _("The sheet “Penerima” of the workbook that the portal writes for a quarter.")
    roles = frozenset({Role.OPERATOR})
    order = 78
    versioned = Recipients.TYPED
    shape = Shape(
        "recipients",
        (
            Field("quarter", Kind.INTEGER, ("triwulan",), required=True),
            Field("program", Kind.INTEGER, ("id_program",), required=True),
            Field("region", Kind.CODE, ("kode_wilayah",), required=True, max_length=13),
            Field("people", Kind.INTEGER, ("penerima",)),
            Field("male", Kind.INTEGER, ("laki_laki",)),
            Field("female", Kind.INTEGER, ("perempuan",)),
            Field("children", Kind.INTEGER, ("umur_0_17",)),
            Field("adults", Kind.INTEGER, ("umur_18_59",)),
            Field("elderly", Kind.INTEGER, ("umur_60_ke_atas",)),
            Field("disabled", Kind.INTEGER, ("disabilitas",)),
            Field("reason", Kind.TEXT, ("penjelasan",), max_length=1000),
        ),
        recognised_by=("quarter", "program", "region", "people"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        programs = {
            program.pk: program
            for program in Program.objects.registered()
            .filter(agency=scope.agency, fiscal_year=scope.fiscal_year)
            .prefetch_related("regions")
        }
        regions = {region.kemendagri_code: region for region in Region.objects.province_and_regencies()}
        closed, today = closed_reports(scope, ReportKind.QUARTER), timezone.localdate()
        entries = []
        for row in rows:
            program = programs.get(row["program"])
            quarter = begun_quarter(row, scope, today)
            region = regions.get(row["region"])
            if program is None:
                remarks.refuse(row, "program", "unknown_program", year=scope.fiscal_year)
            elif quarter is None:
                remarks.refuse(row, "quarter", "quarter")
            elif region is None or region not in program.regions.all():
                remarks.refuse(row, "region", "region_not_of_program")
            elif self._fits(row, remarks):
                entry = self._entry(row, quarter, program, region)
                entry.source["closed"] = closed.get((program.pk, quarter), "")
                entries.append(entry)
        return entries

    @staticmethod
    def _fits(row: dict[str, Any], remarks: Remarks) -> bool:
        """Whether every count lies within its limits; otherwise the row is refused."""
        odd = next((name for name in PEOPLE if row[name] is not None and HEADCOUNT.problem(Decimal(row[name]))), None)
        if odd is not None:
            remarks.refuse(row, odd, "negative" if row[odd] < 0 else "too_large")
        return odd is None

    @staticmethod
    def _entry(row: dict[str, Any], quarter: Period, program: Program, region: Region) -> Entry:
        values = {name: row[name] for name in PEOPLE} | {"reason": row["reason"] or ""}
        key = (quarter, program.pk, region.pk)
        name = shortened(f"{quarter} · {program.name} · {region.name}", 160)
        return Entry(key, name, values, row["sheet_no"], row["row_no"], source={"program": program})

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, Recipients]:
        rows = Recipients.objects.filter(
            report__program__in={entry.key[1] for entry in entries},
            report__period__contained_by=Period(scope.fiscal_year),
        )
        return {
            (row.report.period, row.report.program_id, row.region_id): row
            for row in rows.filter(report__is_current=True).select_related("report")
        }

    def write(self, new: list[Entry], changed: list[tuple[Entry, Recipients]], scope: ImportScope) -> None:
        entries = [*new, *(entry for entry, _held in changed)]
        fill_reports(entries, scope, lambda rows: rows.recipients, lambda row: (row.report.program_id, row.region_id))
