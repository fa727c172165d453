"""Open data: what is published, column by column. Nothing personal: no names of people, no explanations, no split
groups.

A dataset is a list of columns and a query that gives its rows of a year; CSV, JSON and the dictionary come from both.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.agencies.then import agency_then
from core.periods import Period
from dashboards.choices import Standing
from dashboards.filters import LAST_QUARTER
from dashboards.models import ProgramStanding
from datasources.models import Series
from procurement.choices import Method, PackageKind, PackageState
from procurement.models import Package
from programs.choices import IndicatorLevel, ReportState
from programs.models import Program, ReportValue
from public_services.choices import DigitalLevel
from public_services.models import PublicService
from spm.choices import GovernmentLevel, IndexLevel
from spm.index import is_provisional
from spm.models import IndexValue

LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/deed.id"


@dataclass(frozen=True)
class OpenColumn:
    """`name` as in the file; `kind` is text, number, rupiah, percent, period or yes/no."""

    name: str
    kind: Any
    text: Any


@dataclass(frozen=True)
class OpenDataset:
    """`query` gives the rows of a year in the order of the columns, ordered; `shape` makes them fit for a file."""

    name: str
    title: Any
    text: Any
    source: Any
    columns: tuple[OpenColumn, ...]
    query: Callable[[int], "QuerySet[Any, Any]"]
    shape: Callable[[tuple[Any, ...]], tuple[Any, ...]] = lambda row: row

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def rows(self, year: int, first: int = 0, last: int | None = None) -> Iterator[list[Any]]:
        """From the database as they come, in plain values; `first` and `last` cut a page."""
        found = self.query(year)
        cut: Iterable[Any] = found[first:last] if last is not None else found.iterator(chunk_size=2000)
        for row in cut:
            yield [_plain(value) for value in self.shape(tuple(row))]


def _plain(value: Any) -> Any:
    """Periods as 2026-Q1, numbers without a trailing row of zeros, the rest as it is."""
    if isinstance(value, Period):
        return str(value)
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return int(whole) if value == whole else float(value)
    return value


TEXT, NUMBER, RUPIAH, PERCENT = _("text"), _("number"), _("rupiah"), _("per cent")
PERIOD, YES_NO = _("period (2026, 2026-Q1, 2026-03)"), _("yes or no")


def _index_rows(year: int) -> "QuerySet[Any, Any]":
    return (
        IndexValue.objects.filter(
            government=GovernmentLevel.PROVINCE,
            level__in=[IndexLevel.REGION, IndexLevel.DOMAIN],
            period__contained_by=Period(year),
            index__isnull=False,
        )
        .order_by("period", "region__kemendagri_code", "domain__code", "pk")
        .values_list(
            "period",
            "region__kemendagri_code",
            "region__bps_code",
            "region__name",
            "domain__name",
            "index",
            "entered",
            "expected",
            "lacking_quality",
        )
    )


def _index_shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    *facts, entered, expected, lacking = row
    return (*facts, entered - lacking, expected, _yes(is_provisional(entered, expected, lacking)))


def _program_rows(year: int) -> "QuerySet[Any, Any]":
    regions = StringAgg(
        "program__regions__kemendagri_code", delimiter=";", order_by="program__regions__kemendagri_code"
    )
    return (
        ProgramStanding.objects.filter(fiscal_year=year, quarter=LAST_QUARTER)
        .annotate(codes=regions)
        .order_by("agency__code", "program__nomenclature__code", "program_id")
        .values_list(
            "fiscal_year",
            "agency__code",
            "agency__name",
            "program__nomenclature__code",
            "program__name",
            "domain__name",
            "codes",
            "program__target_group",
            "program__target_count",
            "reached",
            "budget_rupiah",
            "spent_rupiah",
            "achievement",
            "state",
            "has_evidence",
            "program__is_sample",
        )
    )


def _program_shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    *before, achievement, state, evidence, sample = row
    rounded = None if achievement is None else round(achievement, 2)
    return (*before, rounded, str(Standing(state).label), _yes(evidence), _yes(sample))


def _yes(value: bool) -> str:
    return "ya" if value else "tidak"


def _result_rows(year: int) -> "QuerySet[Any, Any]":
    return (
        ReportValue.objects.filter(
            report__state__in=[ReportState.VERIFIED, ReportState.LOCKED],
            report__is_current=True,
            value__isnull=False,
            category="",
            report__period__contained_by=Period(year),
        )
        .annotate(agency_then=agency_then(Program, "report__program", "report__period", "name"))
        .order_by("report__program__agency__code", "indicator_id", "report__period", "region__kemendagri_code", "pk")
        .values_list(
            "report__period",
            "agency_then",
            "report__program__name",
            "indicator__name",
            "indicator__level",
            "indicator__unit__name",
            "indicator__baseline",
            "indicator__target",
            "region__kemendagri_code",
            "region__name",
            "value",
            "reference__value",
            "reference__period",
        )
    )


def _result_shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:4], str(IndicatorLevel(row[4]).label), *row[5:])


def _package_rows(year: int) -> "QuerySet[Any, Any]":
    return (
        Package.objects.of_year(year)
        .order_by("rup_code")
        .values_list(
            "fiscal_year",
            "rup_code",
            "name",
            "agency__name",
            "kind",
            "method",
            "ceiling_rupiah",
            "hps_rupiah",
            "state",
            "announced_at",
            "lacks_declarations",
            "is_sample",
        )
    )


def _package_shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    year, code, name, agency, kind, method, ceiling, hps, state, announced, lacks, sample = row
    return (
        year,
        code,
        name,
        agency,
        str(PackageKind(kind).label),
        str(Method(method).label),
        ceiling,
        hps,
        str(PackageState(state).label),
        timezone.localdate(announced).isoformat() if announced else None,
        _yes(not lacks),
        _yes(sample),
    )


def _service_rows(_year: int) -> "QuerySet[Any, Any]":
    return (
        PublicService.objects.filter(is_active=True)
        .order_by("agency__name", "name")
        .values_list(
            "agency__name",
            "name",
            "product",
            "digital_level",
            "address",
            "fee_rupiah",
            "promised_days",
            "volume",
            "complaints",
            "legal_basis",
        )
    )


def _service_shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:3], str(DigitalLevel(row[3]).label), *row[4:])


def _source_rows(_year: int) -> "QuerySet[Any, Any]":
    return (
        Series.objects.active()
        .order_by("source__name", "name")
        .annotate(pulled=F("pulled_at"))
        .values_list("source__name", "name", "unit", "pulled", "source__is_sample")
    )


def _source_shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    source, name, unit, pulled, sample = row
    return (source, name, unit, timezone.localdate(pulled).isoformat() if pulled else None, _yes(sample))


DATASETS = {
    each.name: each
    for each in (
        OpenDataset(
            "spm-indeks",
            _("SPM index"),
            _("Index of the six minimum service standards by month, region and domain."),
            _("worked out by the portal from the OPD's SPM entries (Permendagri 59/2021)"),
            (
                OpenColumn("periode", PERIOD, _("month")),
                OpenColumn("kode_kemendagri", TEXT, _("Kemendagri code of the region")),
                OpenColumn("kode_bps", TEXT, _("BPS code of the region")),
                OpenColumn("wilayah", TEXT, _("region; 64 is the province")),
                OpenColumn("bidang", TEXT, _("SPM domain; empty is all six together")),
                OpenColumn("indeks", PERCENT, _("index, 0 to 100")),
                OpenColumn("terisi", NUMBER, _("services × regions that are entered with all of their quality")),
                OpenColumn("seharusnya", NUMBER, _("services × regions that there are")),
                OpenColumn(
                    "sementara", YES_NO, _("whether something is not entered yet: then the index is provisional")
                ),
            ),
            _index_rows,
            _index_shape,
        ),
        OpenDataset(
            "program",
            _("Programmes"),
            _("Registered programmes with budget, spending, achievement and standing."),
            _("OPD, by delivered reports; not all of them verified"),
            (
                OpenColumn("tahun", NUMBER, _("fiscal year")),
                OpenColumn("kode_opd", TEXT, _("SIPD code of the OPD")),
                OpenColumn("opd", TEXT, _("OPD")),
                OpenColumn("kode_program", TEXT, _("nomenclature code (Permendagri 90/2019)")),
                OpenColumn("program", TEXT, _("programme name")),
                OpenColumn("bidang_spm", TEXT, _("SPM domain; empty outside SPM")),
                OpenColumn("wilayah", TEXT, _("Kemendagri codes of the regions, by semicolons")),
                OpenColumn("sasaran", TEXT, _("target group")),
                OpenColumn("jumlah_sasaran", NUMBER, _("number of recipients planned")),
                OpenColumn("terjangkau", NUMBER, _("people reached by the newest reports")),
                OpenColumn("anggaran_rp", RUPIAH, _("budget")),
                OpenColumn("realisasi_rp", RUPIAH, _("spent by the newest monthly reports")),
                OpenColumn(
                    "capaian_persen", PERCENT, _("mean achievement of the outcomes, each counted with at most 100")
                ),
                OpenColumn("keadaan", TEXT, _("standing by the rule on the public page")),
                OpenColumn("bukti_kebutuhan", YES_NO, _("whether an official series shows the need")),
                OpenColumn("data_contoh", YES_NO, _("made-up data of a demonstration")),
            ),
            _program_rows,
            _program_shape,
        ),
        OpenDataset(
            "hasil",
            _("Results"),
            _("Reported values of indicators by quarter and region, from verified reports only."),
            _("OPD, verified by Bappeda; official figures from their sources"),
            (
                OpenColumn("periode", PERIOD, _("quarter")),
                OpenColumn("opd", TEXT, _("OPD")),
                OpenColumn("program", TEXT, _("programme name")),
                OpenColumn("indikator", TEXT, _("indicator")),
                OpenColumn("tingkat", TEXT, _("input, output, outcome or impact")),
                OpenColumn("satuan", TEXT, _("unit")),
                OpenColumn("awal", NUMBER, _("baseline")),
                OpenColumn("target", NUMBER, _("target of the year")),
                OpenColumn("kode_kemendagri", TEXT, _("Kemendagri code of the region")),
                OpenColumn("wilayah", TEXT, _("region")),
                OpenColumn("nilai", NUMBER, _("reported value")),
                OpenColumn("angka_resmi", NUMBER, _("official figure it was compared with")),
                OpenColumn("periode_angka_resmi", PERIOD, _("period of the official figure")),
            ),
            _result_rows,
            _result_shape,
        ),
        OpenDataset(
            "paket",
            _("Procurement packages"),
            _("Packages of the year; offers, awards and contracts stand in the OCDS files."),
            _("SIRUP and the OPD"),
            (
                OpenColumn("tahun", NUMBER, _("fiscal year")),
                OpenColumn("kode_rup", TEXT, _("RUP code")),
                OpenColumn("paket", TEXT, _("package name")),
                OpenColumn("opd", TEXT, _("OPD")),
                OpenColumn("jenis", TEXT, _("kind")),
                OpenColumn("metode", TEXT, _("method")),
                OpenColumn("pagu_rp", RUPIAH, _("ceiling")),
                OpenColumn("hps_rp", RUPIAH, _("owner's estimate (HPS)")),
                OpenColumn("status", TEXT, _("state")),
                OpenColumn("diumumkan", TEXT, _("day of the announcement")),
                OpenColumn(
                    "pernyataan_lengkap", YES_NO, _("whether everybody on the package has declared and been decided on")
                ),
                OpenColumn("data_contoh", YES_NO, _("made-up data of a demonstration")),
            ),
            _package_rows,
            _package_shape,
        ),
        OpenDataset(
            "layanan",
            _("Public services"),
            _("Services of the OPD: how digital, how long, what they cost."),
            _("OPD"),
            (
                OpenColumn("opd", TEXT, _("OPD")),
                OpenColumn("layanan", TEXT, _("service")),
                OpenColumn("produk", TEXT, _("what one gets")),
                OpenColumn("tingkat_digital", TEXT, _("digital level")),
                OpenColumn("alamat", TEXT, _("online address")),
                OpenColumn("biaya_rp", RUPIAH, _("fee")),
                OpenColumn("janji_hari", NUMBER, _("promised time in working days")),
                OpenColumn("permohonan_setahun", NUMBER, _("applications in a year")),
                OpenColumn("pengaduan_setahun", NUMBER, _("complaints in a year")),
                OpenColumn("dasar_hukum", TEXT, _("legal basis")),
            ),
            _service_rows,
            _service_shape,
        ),
        OpenDataset(
            "sumber-data",
            _("Data sources"),
            _("Official series that the portal compares with."),
            _("data stewards of Bappeda and Diskominfo"),
            (
                OpenColumn("sumber", TEXT, _("source")),
                OpenColumn("seri", TEXT, _("series")),
                OpenColumn("satuan", TEXT, _("unit")),
                OpenColumn("ditarik", TEXT, _("day of the last pull")),
                OpenColumn("data_contoh", YES_NO, _("made-up data of a demonstration")),
            ),
            _source_rows,
            _source_shape,
        ),
    )
}
