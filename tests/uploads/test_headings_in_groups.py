"""Two rows of headings: what the upper says of columns with one name, and what is refused where it says nothing."""

from typing import Any

import pytest

from tests.uploads.handing_in import PreviewFile, preview_file
from tests.uploads.test_files import ACCOUNT, made, world

__all__ = ["made", "preview_file", "world"]
SUB = "1.2.1"


def of_accounts(groups: list[str], figures: list[int]) -> dict[str, list[list[Any]]]:
    """rak and realisasi under each group."""
    upper = ["kode_sbl", "kode_akun", *(text for group in groups for text in (group, ""))]
    lower = ["", "", *["rak", "realisasi"] * len(groups)]
    return {"a": [upper, lower, [SUB, ACCOUNT, *figures]]}


@pytest.mark.parametrize(
    ("groups", "chosen"),
    [
        (["2025", "2026"], 1),
        (["2026", "2025"], 0),
        (["TA 2024", "TA 2025", "TA 2026"], 2),
        (["Tahun Anggaran 2025 (audited)", "Tahun Anggaran 2026"], 1),
        (["Bulan ini", "s.d. bulan ini"], 1),
        (["Bulan Maret", "s/d Maret"], 1),
        (["sampai dengan bulan lalu", "bulan ini", "sampai dengan bulan ini"], 2),
        (["Triwulan ini", "Kumulatif"], 1),
        (["Sebelum Perubahan", "Setelah Perubahan", "Bertambah/(Berkurang)"], 1),
        (["Semula", "Menjadi"], 1),
        (["Murni", "Pergeseran", "Perubahan"], 2),
        (["APBD Murni", "Pergeseran"], 1),
    ],
)
def test_the_group_that_is_meant(groups: list[str], chosen: int, preview_file: PreviewFile) -> None:
    figures = [510_000_000 + at for at in range(2 * len(groups))]
    figures[1::2] = [110_000_000 + at for at in range(len(groups))]
    found = preview_file(of_accounts(groups, figures))
    assert found.statuses == ["changed"], found
    assert found.after("realised_rupiah") == [f"{110_000_000 + chosen}.00"]
    assert any(groups[chosen] in note for note in found.summary["notes"])


@pytest.mark.parametrize(
    "groups", [["Kegiatan A", "Kegiatan B"], ["Triwulan I", "Triwulan II"], ["2024", "2025"], ["Januari", "Februari"]]
)
def test_groups_that_say_nothing_are_refused_where_they_differ(groups: list[str], preview_file: PreviewFile) -> None:
    found = preview_file(of_accounts(groups, [510_000_000, 110_000_000, 520_000_000, 120_000_000]))
    assert "rak" in found.refused
    assert "baris 3" in found.refused
    assert "Hapus" in found.refused
    same = preview_file(of_accounts(groups, [510_000_000, 110_000_000] * 2))
    assert same.statuses == ["changed"]


def test_one_heading_twice_in_one_row(preview_file: PreviewFile) -> None:
    text = "kode_sbl;kode_akun;realisasi;Realisasi\n{0};{1};111000000;{2}\n"
    assert "beberapa kolom" in preview_file(text.format(SUB, ACCOUNT, "112000000")).refused
    for second in ("", "111000000"):
        found = preview_file(text.format(SUB, ACCOUNT, second))
        assert found.statuses == ["changed"]
        assert any("dua kali" in note for note in found.summary["notes"])


def test_a_change_of_the_budget_keeps_what_stood_before(preview_file: PreviewFile) -> None:
    names = ["volume", "harga_satuan", "rincian"]
    upper = ["kode_sbl", "kode_akun", "nama_komponen", "Sebelum Perubahan", "", "", "Setelah Perubahan", "", ""]
    rows = [
        [SUB, ACCOUNT, "Kertas", 1, 90_000, 90_000, 1, 110_000, 110_000],
        [SUB, ACCOUNT, "Tinta", 1, 40_000, 40_000, 1, 50_000, 50_000],
    ]
    found = preview_file({"a": [upper, ["", "", "", *names, *names], *rows]})
    assert sorted(found.after("amount_rupiah")) == ["110000.00", "50000.00"]
    assert sorted(found.after("amount_before_rupiah")) == ["40000.00", "90000.00"]


def test_only_the_month_by_itself_wants_a_reason(preview_file: PreviewFile) -> None:
    upper = ["bulan", "kode_sbl", "Bulan ini", "", "Keterangan"]
    lower = ["", "", "realisasi_anggaran", "realisasi_fisik", "permasalahan"]
    found = preview_file({"a": [upper, lower, [2, SUB, 50, 5, "-"]]})
    assert "sejak Januari" in found.alarms


@pytest.mark.parametrize(
    "title",
    ["Laporan Realisasi (dalam ribuan rupiah)", "(Rp juta)", "Satuan: Juta Rupiah", "dalam Rp 000", "(dalam miliar)"],
)
def test_amounts_in_thousands_are_refused(title: str, preview_file: PreviewFile) -> None:
    found = preview_file(f"{title};;\nkode_sbl;kode_akun;realisasi\n{SUB};{ACCOUNT};110000\n")
    assert "rupiah utuh" in found.refused


def test_a_percentage_is_no_amount(preview_file: PreviewFile) -> None:
    assert "Tidak ada jenis" in preview_file(f"kode_sbl;kode_akun;Realisasi (%)\n{SUB};{ACCOUNT};110\n").refused
    found = preview_file(f"kode_sbl;kode_akun;realisasi\n{SUB};{ACCOUNT};11%\n")
    assert found.statuses == ["refused"]
