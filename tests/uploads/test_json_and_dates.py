"""JSON with something odd in it, workbooks that count days from 1904, and what lists without some columns say."""

import json
from typing import Any

import pytest
import xlsxwriter

from tests.uploads.handing_in import Preview, PreviewFile, preview, preview_file
from tests.uploads.test_files import ACCOUNT, made, world

__all__ = ["made", "preview", "preview_file", "world"]
ROW = {"kode_sbl": "1.2.1", "kode_akun": ACCOUNT, "realisasi": 111_000_000}


@pytest.mark.parametrize("odd", [None, 5, "x", []])
def test_one_odd_element_is_named(odd: Any, preview_file: PreviewFile) -> None:
    for data in ([ROW, odd, ROW], {"data": [ROW, odd, ROW], "others": [{"a": 1}]}):
        found = preview_file(json.dumps(data))
        assert "Unsur ke-2" in found.refused


def test_a_second_list_is_named(preview_file: PreviewFile) -> None:
    found = preview_file(json.dumps({"realisasi": [ROW], "lain": [{"a": 1}], "meta": []}))
    assert found.statuses == ["changed"]
    assert any("lain" in note for note in found.summary["notes"])


def test_days_counted_from_1904(preview_file: PreviewFile, tmp_path: Any) -> None:
    path = tmp_path / "mac.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    page = book.add_worksheet()
    names = ["kd_rup", "nama_paket", "jenis_pengadaan", "metode_pengadaan", "pagu", "tgl_pengumuman_paket"]
    page.write_row(0, 0, names)
    page.write_row(1, 0, ["61000070", "Paket", "Barang", "Tender", 5_000_000, 44623])
    book.close()
    assert preview_file(path.read_bytes()).after("rup_published_on") == ["2026-03-04"]


@pytest.mark.parametrize(("month", "status"), [("Jan-26", "new"), ("Feb '26", "new"), ("Jan-25", "refused")])
def test_a_month_with_two_digits_of_its_year(month: str, status: str, preview_file: PreviewFile) -> None:
    text = f"bulan;kode_sbl;rak;realisasi_anggaran;realisasi_fisik\n{month};1.2.1;100;50;5\n"
    assert preview_file(text).statuses == [status]


def test_only_the_ceiling_may_be_said(preview: Preview) -> None:
    row = {"kode_sbl": "1.2.1", "kode_sub_giat": "1.01.02.1.01.0001", "pagu": 1_100_000_000}
    assert preview([row]).statuses == ["changed"]
    new = preview([row | {"kode_sbl": "1.2.9", "kode_sub_giat": "1.01.02.1.01.0009"}])
    assert "harus diisi" in new.problems


def test_a_missing_column_is_called_as_in_the_list(preview: Preview) -> None:
    assert "nama_skpd" not in preview([{"kode_sbl": "1.2.1"}]).refused
    found = preview([{"kode_sbl": "1.2.1", "kode_sub_giat": "1.01.02.1.01.0001"}], kind="sub_activities")
    assert "pagu" in found.refused
    assert "ceiling" not in found.refused


def test_more_digits_than_any_product_has(preview_file: PreviewFile) -> None:
    large = 99_999_999_999_999_999
    head = "kode_sbl;kode_akun;nama_komponen;volume;harga_satuan;rincian"
    assert "refused" in preview_file(f"{head}\n1.2.1;{ACCOUNT};Kertas;{large};{large};{large}\n").statuses
