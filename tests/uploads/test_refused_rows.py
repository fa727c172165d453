"""What a refused row may mean is neither lost nor counted without it."""

from typing import Any

import pytest

from accounts.models import User
from programs.models import BudgetLine
from tests.uploads.handing_in import PreviewFile, TakeOver, preview_file, take_over
from tests.uploads.test_files import ACCOUNT, made, world
from tests.uploads.test_uploads import LINES, line

__all__ = ["made", "preview_file", "take_over", "world"]
DOCUMENTS = "kode_sbl;kode_akun;nomor_dokumen;tanggal_dokumen;realisasi;nilai_setoran"


# Lines that a list has no more


@pytest.mark.parametrize(
    ("sbl", "account", "amount"),
    [("9.9.9", ACCOUNT, 50_000), ("", "", 50_000), ("1.2.1", "", 50_000), ("1.2.1", ACCOUNT, "x"), ("9.9.9", "", "x")],
)
def test_a_line_stays_that_a_refused_row_may_mean(
    sbl: str, account: str, amount: Any, preview_file: PreviewFile
) -> None:
    other = line(sbl, "Tinta hitam", amount, account=account)
    found = preview_file({"a": [LINES, line("1.2.1", "Kertas", 100_000, account=ACCOUNT), other]})
    assert sorted(found.statuses) == ["refused", "unchanged"]
    assert found.summary["sum_after"] == found.summary["sum_before"]
    assert "1 rincian" in found.alarms


def test_a_refused_row_of_a_known_line_or_of_another_account_holds_nothing_back(preview_file: PreviewFile) -> None:
    known = line("1.2.1", "Kertas", "x", account=ACCOUNT)
    assert preview_file({"a": [LINES, known]}).statuses == ["vanished", "refused"]
    other = line("1.2.1", "Tinta hitam", "x", account="5.1.02.01.01.0099")
    kept = line("1.2.1", "Kertas", 100_000, account=ACCOUNT)
    assert sorted(preview_file({"a": [LINES, kept, other]}).statuses) == ["refused", "unchanged", "vanished"]


def test_what_is_held_back_is_not_ended(world: User, take_over: TakeOver) -> None:
    rows = [line("1.2.1", "Kertas", 110_000, account=ACCOUNT), line("9.9.9", "Tinta", 50_000, account=ACCOUNT)]
    take_over([dict(zip(LINES, row, strict=True)) for row in rows], "csv")
    lines = BudgetLine.objects.filter(until__isnull=True).values_list("component", "amount_rupiah")
    assert set(lines) == {("Kertas", 110_000), ("Tinta", 50_000)}


def test_an_amount_that_no_budget_has(preview_file: PreviewFile) -> None:
    rows = [line("1.2.1", f"Barang {at}", 99_999_999_999_999_999, account=ACCOUNT) for at in range(12)]
    assert set(preview_file({"a": [LINES, *rows]}).statuses) == {"refused"}


# Documents of an account


def documents(*rows: str) -> str:
    return "\n".join([DOCUMENTS, *rows, ""])


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        (["1.2.1;{a};N1;7 Januari 2026;130000000;0", "1.2.1;{a};N2;8 Januari 2026;-20000000;0"], 110_000_000),
        (["1.2.1;{a};N1;7 Januari 2026;130000000;0", "1.2.1;{a};N2;8 Januari 2026;0;40000000"], 90_000_000),
        (["1.2.1;{a};N1;7 Januari 2026;130000000;", "1.2.1;{a};N2;8 Januari 2026;;10000000"], 120_000_000),
    ],
)
def test_corrections_and_returns(rows: list[str], total: int, preview_file: PreviewFile) -> None:
    found = preview_file(documents(*(row.format(a=ACCOUNT) for row in rows)))
    assert f"{total}.00" in found.after("realised_rupiah"), found
    assert bool(found.alarms) == (total < 100_000_000)


@pytest.mark.parametrize(
    "bad",
    [
        "1.2.1;{a};N2;8 Januari 2026;seratus;0",
        "1.2.1;{a};N2;8 Januari 2025;10000000;0",
        "9.9.9;{a};N2;8 Januari 2026;10000000;0",
        "1.2.1;;N2;8 Januari 2026;10000000;0",
        ";;N2;8 Januari 2026;10000000;0",
        "1.2.1;{a};N2;8 Januari 2026;-900000000;0",
        "1.2.1;{a};N2;8 Januari 2026;0;900000000",
    ],
)
def test_where_a_document_is_refused_its_account_is(bad: str, preview_file: PreviewFile) -> None:
    rows = ["1.2.1;{a};N1;7 Januari 2026;60000000;0", bad, "1.2.1;{a};N3;9 Januari 2026;72000000;0"]
    found = preview_file(documents(*(row.format(a=ACCOUNT) for row in rows)))
    assert set(found.statuses) == {"refused"}, found


def test_another_account_is_whole(preview_file: PreviewFile) -> None:
    other = "5.1.02.01.01.0027"
    found = preview_file(documents(f"1.2.1;{ACCOUNT};N1;7 Januari 2026;x;0", f"1.2.1;{other};N2;;5000;0"))
    assert found.statuses == ["new", "refused"]


def test_a_single_document_that_says_less_wants_a_reason(preview_file: PreviewFile) -> None:
    found = preview_file(documents(f"1.2.1;{ACCOUNT};N1;7 Januari 2026;95000000;0"))
    assert "seluruh tahun" in found.alarms
    assert found.after("realised_rupiah") == ["95000000.00"]


def test_the_report_by_document_is_known(preview_file: PreviewFile) -> None:
    text = "Kode Sub Kegiatan;Kode Rekening;Nomor Dokumen;Tanggal Dokumen;Nilai Realisasi;Nilai Setoran\n"
    found = preview_file(f"{text}1.01.02.1.01.0001;{ACCOUNT};N1;2026-01-07;130000000;-\n")
    assert found.summary["kind"] == "account_realisations"
    assert found.after("realised_rupiah") == ["130000000.00"]


def test_a_row_that_says_nothing_is_no_new_row(preview_file: PreviewFile) -> None:
    found = preview_file("kode_sbl;kode_akun;realisasi;rak\n1.2.2;5.1.02.01.01.0026\n1.2.2;5.1.02.01.01.0027;;\n")
    assert found.statuses == ["unchanged", "unchanged"]
    found = preview_file("bulan;kode_sbl;rak;realisasi_anggaran;realisasi_fisik\n3;1.2.1;;;\n")
    assert found.statuses == ["unchanged"]


def test_lines_of_one_document_are_asked_for_their_sum(preview_file: PreviewFile) -> None:
    rows = [f"1.2.1;{ACCOUNT};{number};;{amount};" for number, amount in (("N1", 120), ("N1", 130), ("N2", 5))]
    found = preview_file(documents(*rows))
    assert set(found.statuses) == {"refused"}
    assert "tulis jumlah rincian satu dokumen" in found.problems
    assert "tambahkan kolom" not in found.problems
