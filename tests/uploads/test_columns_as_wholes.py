"""Cells that can be read in two ways, settled or refused by the other cells of their column."""

import datetime as dt
from typing import Any

import pytest
import xlsxwriter

from tests.uploads.handing_in import PreviewFile, preview_file
from tests.uploads.test_files import ACCOUNT, made, world

__all__ = ["made", "preview_file", "world"]
PACKAGES = "kd_rup;nama_paket;jenis_pengadaan;metode_pengadaan;pagu;tgl_pengumuman_paket"


def packages(*days: Any) -> str:
    rows = [f"6100007{at};Paket {at};Barang;Tender;50000000;{day}" for at, day in enumerate(days)]
    return "\n".join([PACKAGES, *rows, ""])


def sheet(*days: Any) -> dict[str, list[list[Any]]]:
    return (
        {"a": [row.split(";") for row in packages(*[""] * len(days)).splitlines()]}
        if not days
        else {
            "a": [
                PACKAGES.split(";"),
                *([f"6100007{n}", "Paket", "Barang", "Tender", 50_000_000, d] for n, d in enumerate(days)),
            ]
        }
    )


@pytest.mark.parametrize(
    ("days", "statuses"),
    [
        (["03/25/2026", "03/04/2026"], ["refused", "refused"]),
        (["3-4-26", "12.31.2026", "2026-05-06"], ["refused", "refused", "new"]),
        (["25/03/2026", "03/04/2026"], ["new", "new"]),
        (["03/04/2026"], ["new"]),
        (["03/25/2026", "05/05/2026"], ["refused", "new"]),
    ],
)
def test_the_month_in_front(days: list[str], statuses: list[str], preview_file: PreviewFile) -> None:
    for content in (packages(*days), sheet(*days)):
        found = preview_file(content)
        assert [row["status"] for row in sorted(found.rows, key=lambda row: row["row"])] == statuses, found.problems
        if statuses.count("refused") > 1:
            assert "2026-03-25" in found.problems


def dated(tmp_path: Any, cells: list[Any]) -> bytes:
    path = tmp_path / "dated.xlsx"
    book = xlsxwriter.Workbook(path)
    page, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_row(0, 0, PACKAGES.split(";"))
    for at, cell in enumerate(cells, start=1):
        page.write_row(at, 0, [f"6100007{at}", "Paket", "Barang", "Tender", 50_000_000])
        page.write(at, 5, cell, day) if isinstance(cell, dt.date) else page.write_string(at, 5, cell)
    book.close()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ([dt.date(2026, 4, 3), "3/25/2026"], 2),
        ([dt.date(2026, 4, 3), "25/03/2026"], 1),  # a spreadsheet that expects the month in front made it
        ([dt.date(2026, 4, 3), dt.date(2026, 3, 25), "25/03/2026"], 0),
        ([dt.date(2026, 4, 3), dt.date(2026, 5, 6)], 0),
    ],
)
def test_dates_that_a_spreadsheet_has_turned(
    cells: list[Any], refused: int, preview_file: PreviewFile, tmp_path: Any
) -> None:
    assert preview_file(dated(tmp_path, cells)).statuses.count("refused") == refused


def realised(*figures: str) -> str:
    rows = [f"1.2.2;5.1.02.01.01.{at:04d};{figure}" for at, figure in enumerate(figures, start=1)]
    return "\n".join(["kode_sbl;kode_akun;realisasi", *rows, ""])


@pytest.mark.parametrize(
    ("figures", "refused"),
    [
        (["1.234,50", "1,234.50", "2.500", "2,500"], 2),
        (["1.234,50", "2.500"], 0),
        (["Rp 1,234.50", "2.500"], 0),
        (["2.500"], 0),
    ],
)
def test_a_column_that_contradicts_itself(figures: list[str], refused: int, preview_file: PreviewFile) -> None:
    assert preview_file(realised(*figures)).statuses.count("refused") == refused


def test_texts_of_a_workbook_are_judged_by_the_column(preview_file: PreviewFile) -> None:
    rows = [line.split(";") for line in realised("1,234.50", "2.500").splitlines()]
    found = preview_file({"a": rows})
    assert found.statuses.count("refused") == 1
    assert "2500" in found.problems


@pytest.mark.parametrize(
    "text",
    [
        "kode_sbl,kode_akun,realisasi\n1.2.2,5.1.02.01.01.0026,111,000,000\n1.2.2,5.1.02.01.01.0027,222,500,000\n",
        "kode_sbl,kode_akun,realisasi,rak\n1.2.2,5.1.02.01.01.0026,111,000\n",
        "kode_sbl;kode_akun;realisasi;;\n1.2.2;5.1.02.01.01.0026;111;;5\n",
    ],
)
def test_figures_cut_at_their_commas(text: str, preview_file: PreviewFile) -> None:
    found = preview_file(text)
    assert set(found.statuses) == {"refused"}
    assert "koma" in found.problems


def test_nothing_beyond_the_headings_is_no_harm(preview_file: PreviewFile) -> None:
    assert preview_file(f"kode_sbl;kode_akun;realisasi;;\n1.2.1;{ACCOUNT};100000000;;-\n").statuses == ["unchanged"]


def test_percent_cells_beside_general_ones(preview_file: PreviewFile, tmp_path: Any) -> None:
    path = tmp_path / "percent.xlsx"
    book = xlsxwriter.Workbook(path)
    page, percent = book.add_worksheet(), book.add_format({"num_format": "0%"})
    page.write_row(0, 0, ["bulan", "kode_sbl", "realisasi_anggaran", "realisasi_fisik"])
    for at, share in enumerate([0.1, 0.2, 0.35], start=1):
        page.write_row(at, 0, [at, "1.2.1", 10 * at])
        page.write(at, 3, share, percent if at == 1 else None)
    book.close()
    assert "%" in preview_file(path.read_bytes()).alarms


def progress(*cells: Any) -> str:
    rows = [f"{month};1.2.1;100;{cell}" for month, cell in enumerate(cells, start=1)]
    return "\n".join(["bulan;kode_sbl;realisasi_anggaran;realisasi_fisik", *rows, ""])


@pytest.mark.parametrize(
    ("cells", "statuses"),
    [
        (["0,25", "30"], ["refused", "new"]),
        (["0,25", "1", "30"], ["refused", "refused", "new"]),
        (["0,25", "30,00"], ["new", "new"]),  # written with as many decimals
        (["0,25", "30,5"], ["refused", "new"]),
        (["0,5", "30,5", "12,25"], ["new", "new", "new"]),
        (["0,25%", "30"], ["new", "new"]),
        (["0,25", "30%"], ["new", "new"]),  # an alarm asks: none is more than 1 without the sign
        (["1", "30"], ["new", "new"]),
        (["0", "30"], ["new", "new"]),
    ],
)
def test_a_share_beside_percentages(cells: list[str], statuses: list[str], preview_file: PreviewFile) -> None:
    found = preview_file(progress(*cells))
    assert [row["status"] for row in sorted(found.rows, key=lambda row: row["row"])] == statuses, found.problems
    if "refused" in statuses:
        refused = next(row for row in found.rows if row["status"] == "refused")
        assert "0,25 % atau 25 %; tulis dengan tanda %" in " ".join(refused["problems"])
        assert refused["row"] == 2


def test_a_share_beside_percentages_in_a_workbook(preview_file: PreviewFile) -> None:
    names = ["bulan", "kode_sbl", "realisasi_anggaran", "realisasi_fisik"]
    mixed = preview_file({"a": [names, [1, "1.2.1", 100, 0.25], [2, "1.2.1", 100, 30]]})
    assert sorted(mixed.statuses) == ["new", "refused"]
    own = preview_file({"a": [[*names, "versi_baris"], [1, "1.2.1", 100, 0.25, ""], [2, "1.2.1", 100, 30, ""]]})
    assert own.statuses == ["new", "new"]
