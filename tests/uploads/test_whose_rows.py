"""What rows say of year, OPD and government, under whatever heading, in any kind of list."""

from typing import Any

import pytest

from accounts.models import Agency, User
from core.importing.datasets import ImportScope
from tests import factories
from tests.uploads.handing_in import Preview, PreviewFile, preview, preview_file
from tests.uploads.test_files import ACCOUNT, made, world
from uploads.belonging import Judge

__all__ = ["made", "preview", "preview_file", "world"]
ROW = {"kode_sbl": "1.2.1", "kode_akun": ACCOUNT, "realisasi": "111000000"}


def of_account(**more: Any) -> list[dict[str, Any]]:
    return [ROW | more]


@pytest.mark.parametrize(
    "heading",
    ["TA", "T.A.", "Thn", "Tahun Pelaksanaan", "tahun_dana", "Tahun", "TAHUN ANGGARAN", "thn_anggaran", "Th. Anggaran"],
)
def test_the_year_under_any_heading(heading: str, preview: Preview) -> None:
    for said, status in (("2025", "refused"), ("2026", "changed"), ("TA 2026", "changed"), ("", "changed")):
        assert preview(of_account(**{heading: said}), "csv").statuses == [status], said
    for said in ("TA 2025", "2025/2026", "2025-01-01", "2.025", "'25"):
        assert preview(of_account(**{heading: said}), "csv").statuses == ["refused"], said


@pytest.mark.parametrize(
    "heading",
    ["SKPD", "OPD", "Perangkat Daerah", "Nama Perangkat Daerah", "Unit Kerja", "nama_unit", "Satker", "nama_sub_skpd"],
)
def test_the_agency_under_any_heading(heading: str, preview: Preview) -> None:
    own = factories.agency().name
    for said, status in (("Dinas Kesehatan", "refused"), (own, "changed"), (own.upper(), "changed")):
        found = preview(of_account(**{heading: said}), "csv")
        assert found.statuses == [status], (said, found.problems)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Dinas Kebudayaan", "refused"),
        ("Dinas Pendidikan", "refused"),
        ("Pendidikan dan Kebudayaan", "refused"),
        ("Dinas", "refused"),
        ("Badan Pendidikan dan Pelatihan", "refused"),
        ("Dinas Pendidikan, Kebudayaan dan Pariwisata", "refused"),
        ("Dinas Pendidikan & Kebudayaan Prov. Kaltim", "changed"),
        ("Dinas Pendidikan dan Kebudayan", "changed"),
        ("Disdikbud Kaltim", "changed"),
        ("Dinas Pendidikan dan Kebudayaan - UPTD Taman Budaya", "changed"),
        ("1.01.2.22.0.00.01.0000 Dinas Pendidikan dan Kebudayaan", "changed"),
    ],
)
def test_an_opd_is_known_by_the_whole_of_its_name(said: str, status: str, preview: Preview) -> None:
    assert preview(of_account(nama_skpd=said), "csv").statuses == [status]


def test_the_name_of_an_opd_that_is_the_beginning_of_another(world: User) -> None:
    """Neither is told by what both have."""
    judge = Judge(ImportScope(factories.agency("Dispar"), 2026, None))
    Agency.objects.create(name="Dinas Pariwisata dan Kebudayaan", short_name="Disparbud", code="9.02.0.00.0.00.01.0000")
    assert judge.is_own_name("Dinas Pariwisata")
    assert not judge.is_own_name("Dinas Pariwisata dan Kebudayaan")
    assert judge.is_own_name("Dinas Pariwisata Tahun 2026")


def test_a_unit_may_be_called_anything(preview: Preview) -> None:
    for said in ("Bidang Pembinaan SMA", "UPTD Taman Budaya", "SMAN 1 Samarinda", "Sekretariat"):
        assert preview(of_account(unit_kerja=said), "csv").statuses == ["changed"], said
    Agency.objects.create(name="UPT Cagar Alam", short_name="UCA", code="9.01.0.00.0.00.01.0000")
    assert preview(of_account(unit_kerja="UPT Cagar Alam"), "csv").statuses == ["refused"]


@pytest.mark.parametrize("heading", ["kode_skpd", "kd_skpd", "kode_opd", "Kode Perangkat Daerah", "SKPD"])
def test_the_code_however_written(heading: str, preview: Preview) -> None:
    own = factories.agency().code
    good = [own, own.replace(".", "-"), ".".join(own.split(".")[:2]), "77"]
    for said in good:
        assert preview(of_account(**{heading: said}), "csv").statuses == ["changed"], said
    for said in ("9-02-0-00-0-00-01-0000", "9.02", "9.02.0.00.0.00.01.0000", "9.02.0.00 Dinas Kesehatan"):
        assert preview(of_account(**{heading: said}), "csv").statuses == ["refused"], said


def test_the_code_of_a_unit(preview: Preview) -> None:
    own = factories.agency().code.rsplit(".", 1)[0]
    for said, status in ((f"{own}.0007", "changed"), ("9.02.0.00.0.00.01.0000", "refused")):
        assert preview(of_account(kode_unit=said), "csv").statuses == [status], said


@pytest.mark.parametrize("heading", ["Pemda", "Pemerintah Daerah", "nama_daerah", "K/L/PD", "nama_kldi"])
def test_the_government_under_any_heading(heading: str, preview: Preview) -> None:
    for said, status in (("Kota Bontang", "refused"), ("Provinsi Kalimantan Timur", "changed")):
        assert preview(of_account(**{heading: said}), "csv").statuses == [status], said


@pytest.mark.parametrize(
    ("behind", "status"),
    [
        *(
            (said, "changed")
            for said in ("", "Provinsi Kalimantan Timur", "Kaltim", "PROV. KALTIM", "Prov Kaltim, Samarinda")
        ),
        *(
            (said, "refused")
            for said in ("Provinsi Kalimantan Utara", "Papua", "PROV. KALSEL", "Kaltara", "Jawa Timur")
        ),
        *(
            (said, "refused")
            for said in ("Samarinda", "Kutai Timur", "Kukar", "(Penajam Paser Utara)", "Provinsi Lain")
        ),
    ],
)
def test_the_same_opd_of_another_government(behind: str, status: str, preview: Preview) -> None:
    found = preview(of_account(nama_satker=f"{factories.agency().name} {behind}"), "csv")
    assert found.statuses == [status], found.problems


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Penajam Paser Utara, Kalimantan Timur", "refused"),
        ("Balikpapan - Kalimantan Timur", "refused"),
        ("Kementerian Agama Kanwil Kalimantan Timur", "refused"),
        ("Kejaksaan Tinggi Provinsi Kalimantan Timur", "refused"),
        ("Polda Kalimantan Timur", "refused"),
        ("Kaltara", "refused"),
        ("Kalimantan Timur", "changed"),
        ("Pemerintah Daerah Provinsi Kalimantan Timur (Samarinda)", "changed"),
    ],
)
def test_the_government_without_the_word_for_it(said: str, status: str, preview: Preview) -> None:
    assert preview(of_account(nama_klpd=said), "csv").statuses == [status]


def test_another_governments_opd_in_the_title(preview_file: PreviewFile) -> None:
    own = factories.agency().name.upper()
    rows = "kode_sbl;kode_akun;realisasi\n1.2.1;5.1.02.01.01.0026;110000000\n"
    for behind, is_told in (("KUTAI TIMUR", True), ("PAPUA", True), ("", False), ("PROVINSI KALIMANTAN TIMUR", False)):
        assert ("OPD" in preview_file(f"{own} {behind};;\n{rows}").alarms) is is_told, behind


def test_a_code_of_the_government_alone_wants_a_reason(preview: Preview) -> None:
    assert "D107" in preview(of_account(kd_klpd="D107"), "csv").alarms
    assert not preview(of_account(kd_klpd="D107", nama_klpd="Kalimantan Timur"), "csv").alarms


def test_every_column_of_them_has_to_agree(preview: Preview) -> None:
    assert preview(of_account(tahun="2026", TA="2025"), "csv").statuses == ["refused"]
    own = factories.agency().name
    assert preview(of_account(nama_skpd=own, opd="Dinas Kesehatan"), "csv").statuses == ["refused"]


@pytest.mark.parametrize(("heading", "said"), [("bulan", "1"), ("Periode", "Triwulan I"), ("nama_bulan", "Maret")])
def test_a_single_month_wants_a_reason(heading: str, said: str, preview: Preview) -> None:
    found = preview(of_account(**{heading: said}), "csv")
    assert said in found.alarms
    assert not preview(of_account(**{heading: ""}), "csv").alarms


def test_sheets_named_by_years(preview_file: PreviewFile) -> None:
    names = list(ROW)
    sheets = {
        "2025": [names, ["1.2.2", ACCOUNT, 5_000_000]],
        "2026": [names, ["1.2.1", ACCOUNT, 111_000_000]],
    }
    assert "“2025”" in preview_file(sheets).alarms
    assert not preview_file({"2026": sheets["2026"]}).alarms


@pytest.mark.parametrize("title", ["TA. '25", "Tahun Anggaran 2025", "T.A 2025"])
def test_the_year_of_a_title(title: str, preview_file: PreviewFile) -> None:
    text = f"{title};;\nkode_sbl;kode_akun;realisasi\n1.2.1;{ACCOUNT};111000000\n"
    assert "tahun" in preview_file(text).alarms


@pytest.mark.parametrize("name", ["Januari", "feb 2026", "TW II", "Triwulan 3"])
def test_a_sheet_named_by_a_month(name: str, preview_file: PreviewFile) -> None:
    rows = [list(ROW), list(ROW.values())]
    assert f"“{name}”" in preview_file({name: rows}).alarms


@pytest.mark.parametrize(
    ("title", "is_asked"),
    [("Bulan: Februari 2026", True), ("Realisasi Triwulan II", True), ("s.d. Bulan Februari 2026", False)],
)
def test_the_month_of_a_title(title: str, is_asked: bool, preview_file: PreviewFile) -> None:
    text = f"{title};;\nkode_sbl;kode_akun;realisasi\n1.2.1;{ACCOUNT};111000000\n"
    assert ("satu bulan" in preview_file(text).alarms) == is_asked
