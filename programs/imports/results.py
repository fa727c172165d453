"""Results of indicators: twelve months a row (`data_realisasi_renja`), and the portal's own quarterly sheet."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.models import Region
from core.numbers import LimitProblem
from core.periods import MONTHS_PER_QUARTER, Period, PeriodKind
from core.text import shortened
from programs.choices import ProgramState, ReportKind
from programs.imports.report_rows import ReportRows, closed_reports, fill_reports
from programs.models import Indicator, ReportValue
from programs.registration.forms import range_message
from programs.validation import values as validation_values

MESSAGES |= {
    "unknown_indicator": _("is not an indicator of your OPD's registered programmes in %(year)s"),
    "same_indicator_name": _("is the name of several indicators; use the workbook that the portal writes"),
    "by_region": _("is reported by region; use the workbook that the portal writes"),
    "quarter": _("is not a quarter that has begun; write 1 to 4"),
    "unknown_row": _("is not a row of this indicator; use the workbook that the portal writes"),
    "no_quarter_month": _(
        "has no figure of March, June, September or December in a quarter that has begun; nothing of it is taken over"
    ),
    "out_of_range": _("does not fit: %(limit)s"),
    "decimals": _("has more decimals than the unit takes (%(decimals)s)"),
}
MONTHS = range(1, 13)
COLUMNS_OF = {"value": "month", "reason": "note", "helped": "helped"}  # of a month: month_3, note_3 …
QUARTERS = range(1, 5)


class ResultRows(ReportRows):
    """Writes values into the rows of quarterly reports, as if typed."""

    roles = frozenset({Role.OPERATOR})

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, ReportValue]:
        rows = ReportValue.objects.filter(
            indicator__in={entry.key[1] for entry in entries}, report__period__contained_by=Period(scope.fiscal_year)
        )
        return {
            (row.report.period, row.indicator_id, row.region_id, row.category): row
            for row in rows.filter(report__is_current=True).select_related("report")
        }

    def write(self, new: list[Entry], changed: list[tuple[Entry, ReportValue]], scope: ImportScope) -> None:
        entries = [*new, *(entry for entry, _held in changed)]
        fill_reports(
            entries, scope, lambda rows: rows.values, lambda row: (row.indicator_id, row.region_id, row.category)
        )

    def fits(self, row: dict[str, Any], field: str, name: str, indicator: Indicator, remarks: Remarks) -> bool:
        """Whether `row[field]` may stand in the column `name` of this indicator's rows; otherwise the row is
        refused."""
        value = row[field]
        limits = indicator.unit.limits if name == "value" else ReportValue.LIMITS[name]
        problem = None if value is None else limits.problem(value)
        if value is None or problem is None:
            return True
        if problem is LimitProblem.DECIMALS:
            remarks.refuse(row, field, "decimals", decimals=limits.decimals)
        elif name == "value":
            remarks.refuse(row, field, "out_of_range", limit=range_message(value, indicator.unit))
        else:
            remarks.refuse(row, field, "negative" if problem is LimitProblem.BELOW else "too_large")
        return False


def own_indicators(scope: ImportScope) -> list[Indicator]:
    return list(
        Indicator.objects.filter(
            program__agency=scope.agency, program__fiscal_year=scope.fiscal_year, program__state=ProgramState.REGISTERED
        ).select_related("program", "unit")
    )


def begun_quarter(row: dict[str, Any], scope: ImportScope, today: dt.date) -> Period | None:
    """The quarter that a row names; None when it is none, or has not begun."""
    if row["quarter"] not in QUARTERS:
        return None
    quarter = Period(scope.fiscal_year, PeriodKind.QUARTER, row["quarter"])
    return quarter if quarter.first_day <= today else None


class MonthlyResults(ResultRows):
    """Quarterly values are the cumulative ones of March, June, September and December."""

    label = _("Indicator results by month (SIPD)")
    hint = _("The values of March, June, September and December fill the quarterly reports.")
    order = 70
    shape = Shape(
        "monthly_results",
        (
            Field("indicator", Kind.TEXT, ("indikator",), required=True, max_length=400),
            *(
                Field(
                    f"month_{month}", Kind.NUMBER, (f"realisasi_bulan_{month}", f"realisasi_{month}", f"bulan_{month}")
                )
                for month in MONTHS
            ),
            *(
                Field(f"note_{month}", Kind.TEXT, (f"keterangan_bulan_{month}", f"keterangan_{month}"), max_length=1000)
                for month in MONTHS
            ),
            *(
                Field(f"helped_{month}", Kind.TEXT, (f"pendorong_bulan_{month}", f"pendorong_{month}"), max_length=1000)
                for month in MONTHS
            ),
        ),
        recognised_by=("indicator", "|".join(f"month_{month}" for month in MONTHS)),
    )

    def fields_of(self, entry: Entry, name: str) -> set[str]:
        return {f"{COLUMNS_OF[name]}_{entry.key[0].number * MONTHS_PER_QUARTER}"}

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        by_name: dict[str, list[Indicator]] = {}
        for indicator in own_indicators(scope):
            by_name.setdefault(indicator.name.strip().lower(), []).append(indicator)
        closed = closed_reports(scope, ReportKind.QUARTER)
        entries: list[Entry] = []
        for row in rows:
            found = by_name.get(row["indicator"].lower(), [])
            if not self._is_clear(row, found, scope, remarks):
                continue
            told = len(remarks.problems)
            made = list(self._entries(row, found[0], scope, closed, remarks))
            if not made and len(remarks.problems) == told:
                remarks.warn(row, "indicator", "no_quarter_month")
            entries += made
        return entries

    @staticmethod
    def _is_clear(row: dict[str, Any], found: list[Indicator], scope: ImportScope, remarks: Remarks) -> bool:
        """Whether the name says which indicator is meant, and one figure a month suffices; otherwise it is refused."""
        if not found:
            remarks.refuse(row, "indicator", "unknown_indicator", year=scope.fiscal_year)
        elif len(found) > 1:
            remarks.refuse(row, "indicator", "same_indicator_name")
        elif found[0].by_region and not found[0].with_total:
            remarks.refuse(row, "indicator", "by_region")
        elif found[0].is_fraction and any(row[f"month_{month}"] is not None for month in MONTHS):
            remarks.refuse(row, "indicator", "fraction")
        else:
            return True
        return False

    def _entries(
        self,
        row: dict[str, Any],
        indicator: Indicator,
        scope: ImportScope,
        closed: dict[tuple[int, Period], str],
        remarks: Remarks,
    ) -> Iterator[Entry]:
        """One for each quarter that has begun and of whose last month anything is said."""
        whole, today = validation_values.province().pk, timezone.localdate()
        emptied = set((row["emptied"] or "").split(","))
        for quarter in Period(scope.fiscal_year).quarters():
            month = quarter.number * MONTHS_PER_QUARTER
            columns = {f"{field}_{month}" for field in COLUMNS_OF.values()}
            says = emptied & columns or any(row[name] not in {None, ""} for name in columns)
            if not says or quarter.first_day > today:
                continue
            if self.fits(row, f"month_{month}", "value", indicator, remarks):
                values = {name: row[f"{field}_{month}"] for name, field in COLUMNS_OF.items()}
                if indicator.is_fraction:
                    del values["value"]  # told with its parts, in the workbook
                key = (quarter, indicator.pk, whole, "")
                name = shortened(f"{quarter} · {indicator.name}", 160)
                source = {"program": indicator.program, "closed": closed.get((indicator.program_id, quarter), "")}
                yield Entry(key, name, values, row["sheet_no"], row["row_no"], source=source)


class QuarterlySheet(ResultRows):
    label = _("Indicator values of a quarter (the portal's workbook)")
    hint = _("The sheet “Indikator” of the workbook that the portal writes for a quarter.")
    order = 75
    builds_on = frozenset({"monthly_results"})
    versioned = ReportValue.TYPED
    shape = Shape(
        "quarterly_values",
        (
            Field("quarter", Kind.INTEGER, ("triwulan",), required=True),
            Field("indicator", Kind.INTEGER, ("id_indikator",), required=True),
            Field("region", Kind.CODE, ("kode_wilayah",), required=True, max_length=13),
            Field("category", Kind.TEXT, ("kode_kategori",), max_length=10),
            Field("numerator", Kind.NUMBER, ("pembilang",)),
            Field("denominator", Kind.NUMBER, ("penyebut",)),
            Field("value", Kind.NUMBER, ("realisasi",)),
            Field("reason", Kind.TEXT, ("penjelasan",), max_length=1000),
            Field("helped", Kind.TEXT, ("pendorong",), max_length=1000),
        ),
        recognised_by=("quarter", "indicator", "region", "value"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        indicators = {indicator.pk: indicator for indicator in own_indicators(scope)}
        regions = dict(Region.objects.province_and_regencies().values_list("kemendagri_code", "pk"))
        closed, today = closed_reports(scope, ReportKind.QUARTER), timezone.localdate()
        entries = []
        for row in rows:
            indicator, quarter = indicators.get(row["indicator"]), begun_quarter(row, scope, today)
            region = regions.get(row["region"])
            if indicator is None:
                remarks.refuse(row, "indicator", "unknown_indicator", year=scope.fiscal_year)
            elif quarter is None:
                remarks.refuse(row, "quarter", "quarter")
            elif region is None:
                remarks.refuse(row, "region", "unknown_row")
            elif indicator.is_fraction and row["value"] is not None and row["numerator"] is row["denominator"] is None:
                remarks.refuse(row, "value", "fraction")
            elif all(self.fits(row, name, name, indicator, remarks) for name in _figures(indicator)):
                entry = self._entry(row, indicator, quarter, region)
                entry.source["closed"] = closed.get((indicator.program_id, quarter), "")
                entries.append(entry)
        return entries

    @staticmethod
    def _entry(row: dict[str, Any], indicator: Indicator, quarter: Period, region: int) -> Entry:
        values = {"reason": row["reason"] or "", "helped": row["helped"] or ""}
        values |= {name: row[name] for name in _figures(indicator)}
        key = (quarter, indicator.pk, region, row["category"] or "")
        name = shortened(f"{quarter} · {indicator.name} · {row['region']}", 160)
        return Entry(key, name, values, row["sheet_no"], row["row_no"], source={"program": indicator.program})


def _figures(indicator: Indicator) -> tuple[str, ...]:
    """The columns that are filled in for it."""
    return ("numerator", "denominator") if indicator.is_fraction else ("value",)
