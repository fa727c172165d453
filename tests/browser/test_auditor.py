"""The auditor: filters, the same sums in the file as on the screen, the download in the trail."""

import csv
import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_report_to_file(sit: Callable[[str], Desk], tmp_path: Path) -> None:
    desk = sit("auditor")
    page = desk.page
    desk.door("Pengadaan", "Laporan audit")
    page.get_by_label("Metode").select_option("tender")
    page.wait_for_url("**method=tender**")
    expect(page.locator("#results input[name=filters]").first).to_have_value(re.compile("tender"))
    desk.look("30-laporan-audit")
    tiles = page.locator("#results .tile-figure")
    count, ceiling = (tiles.nth(number).inner_text() for number in (0, 1))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Unduh XLSX").click()
    book_path = tmp_path / "laporan.xlsx"
    waiting.value.save_as(book_path)
    sheet = openpyxl.load_workbook(book_path).worksheets[0]
    column = [cell.value for cell in sheet[1]].index("Pagu (Rp)")
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(lines) - 1 == int(count.replace(".", ""))
    assert round(lines[-1][column]) == int(ceiling.removeprefix("Rp").replace(".", ""))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Unduh CSV").click()
    csv_path = tmp_path / "laporan.csv"
    waiting.value.save_as(csv_path)
    rows = list(csv.DictReader(io.StringIO(csv_path.read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(lines) - 1
    desk.open("/audit/pengadaan/")
    assert hashlib.sha256(csv_path.read_bytes()).hexdigest() in page.content()
    desk.look("31-unduhan")
