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
        ("Pekerjaan Konstruksi Terintegrasi", ["works"]),
        ("Terintegrasi/Gabungan", ["integrated"]),
        ("Gabungan", ["integrated"]),
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
