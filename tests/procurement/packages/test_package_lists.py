"""Plans of packages as SIRUP and LKPP write them: kinds, methods, types of swakelola, and rows that no longer hold."""

from typing import Any

import pytest

from procurement.packages.imports import kinds_of, method_of, self_managed_type_of
from tests.uploads.handing_in import Preview, preview
from tests.uploads.test_files import made, world

__all__ = ["made", "preview", "world"]
NEW = "61000050"
HELD = "61000001"  # goods by tender, 200 million
Row = dict[str, Any]


def row(**values: Any) -> Row:
    return {"kd_rup": NEW, "nama_paket": "Paket", "pagu": 50_000_000} | values


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Barang", ["goods"]),
        ("Barang;Jasa Lainnya", ["goods", "other_services"]),
        ("1,4", ["goods", "other_services"]),
        ("Pekerjaan Konstruksi Terintegrasi", ["integrated"]),
        ("Terintegrasi/Gabungan", ["integrated"]),
        ("Gabungan", ["integrated"]),
        ("7", ["integrated"]),
        ("Jasa Konsultansi Perorangan Non Konstruksi", ["consulting"]),
        ("0", []),
        ("", []),
        ("Sewa", [""]),
    ],
)
def test_kinds_as_they_are_written(text: str, kinds: list[str]) -> None:
    assert kinds_of(text) == kinds


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("e-Purchasing", "e_purchasing"),
        ("Pembayaran untuk Kontrak Tahun Jamak", "multi_year_payment"),
        ("Pemilihan Langsung", "tender"),
        ("Lelang Sederhana", "tender"),
        ("Tender Cepat", "quick_tender"),
        ("Seleksi Ulang", "selection"),
        ("20", "multi_year_payment"),
        ("8", "direct_procurement"),
        ("Arisan", ""),
    ],
)
def test_methods_as_they_are_written(text: str, method: str) -> None:
    assert method_of(text) == method


@pytest.mark.parametrize(
    ("text", "said"),
    [("1", "I"), ("Tipe I", "I"), ("TIPE 2", "II"), ("iii", "III"), ("Swakelola Tipe IV", "IV"), ("5", ""), ("V", "")],
)
def test_types_of_swakelola(text: str, said: str) -> None:
    assert self_managed_type_of(text) == said


@pytest.mark.parametrize(
    "said",
    [
        {"metode": "Tender"},  # without the column of the kind
        {"metode": "Tender", "jenisPengadaan": ""},
        {"metode": "0", "jenisPengadaan": "Barang"},
        {"metode": "", "jenisPengadaan": "0"},
        {"metode": "Tender", "jenisPengadaan": "Jasa Lainnya;Barang"},  # among which is the one it has
    ],
)
def test_what_a_list_leaves_open_stays(said: Row, preview: Preview) -> None:
    found = preview([row(kd_rup=HELD, nama_paket="Paket Satu", pagu=200_000_000, **said)])
    assert found.statuses == ["unchanged"], found.rows


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ({"metode": "Tender", "jenisPengadaan": "", "idJenisPengadaan": 2}, ("works", "tender")),
        ({"metode": "0", "idMetode": 9, "jenisPengadaan": "Barang"}, ("goods", "e_purchasing")),
        ({"metode": "", "jenisPengadaan": "", "Cara Pengadaan": "Swakelola"}, ("other_services", "self_managed")),
        (
            {"metode": "Pembayaran untuk Kontrak Tahun Jamak", "jenisPengadaan": "Barang"},
            ("goods", "multi_year_payment"),
        ),
        ({"metode": "Tender", "jenisPengadaan": "Terintegrasi/Gabungan"}, ("integrated", "tender")),
    ],
)
def test_a_new_package_is_what_its_row_says(said: Row, values: tuple[str, str], preview: Preview) -> None:
    found = preview([row(**said)])
    assert found.statuses == ["new"], found.rows
    assert (found.rows[0]["after"]["kind"], found.rows[0]["after"]["method"]) == values


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"metode": "0", "jenisPengadaan": "Barang"}, "metode pengadaannya"),
        ({"metode": "Tender", "jenisPengadaan": ""}, "jenis pengadaannya"),
        ({"metode": "", "jenisPengadaan": "", "tipe_swakelola": "5"}, "Tipe I, II, III dan IV"),
        ({"metode": "Tender", "jenisPengadaan": "Barang", "kbki": "1"}, "KBKI"),
    ],
)
def test_a_new_package_that_lacks_something_says_what(said: Row, text: str, preview: Preview) -> None:
    found = preview([row(**said)])
    assert found.statuses == ["refused"]
    assert text in " ".join(found.rows[0]["problems"])


@pytest.mark.parametrize(
    "said",
    [
        {"nama_paket": "", "metode": "Tender"},
        {"pagu": None, "metode": "Tender"},
        {"nama_paket": "Paket Satu", "metode": "Tender", "pagu": ""},
    ],
)
def test_a_blank_of_a_package_that_is_there_changes_nothing(said: Row, preview: Preview) -> None:
    found = preview([row(kd_rup=HELD, pagu=200_000_000, nama_paket="Paket Satu") | said])
    assert found.statuses == ["unchanged"], found.problems


@pytest.mark.parametrize("lacking", ["nama_paket", "pagu"])
def test_a_column_that_is_absent_changes_nothing(lacking: str, preview: Preview) -> None:
    said = row(kd_rup=HELD, pagu=300_000_000, nama_paket="Nama baru", metode="Tender")
    del said[lacking]
    found = preview([said])
    assert found.statuses == ["changed"], found.refused or found.problems
    assert lacking not in found.rows[0]["after"]


@pytest.mark.parametrize("lacking", ["nama_paket", "pagu"])
def test_a_new_package_needs_its_name_and_its_ceiling(lacking: str, preview: Preview) -> None:
    found = preview([row(metode="Tender", jenis_pengadaan="Barang") | {lacking: ""}])
    assert found.statuses == ["refused"]
    assert "belum ada di portal" in found.problems


def test_a_ceiling_below_the_hps_is_refused_at_the_cell(preview: Preview) -> None:
    """The HPS of the package is 140 million."""
    found = preview([row(kd_rup=HELD, pagu=100_000_000, metode="Tender", jenis_pengadaan="Barang")])
    assert found.statuses == ["refused"]
    assert "HPS" in found.problems
