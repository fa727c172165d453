"""The grid in a real browser: keys only, a pasted block, the line that drops, two operators, a phone; and an upload."""

import datetime as dt
import io
import itertools
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import expect

from tests.browser.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]
YEAR = dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8))).year
LAST_MONTH = (
    dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8))).date().replace(day=1) - dt.timedelta(days=1)
).strftime("%Y-%m")
_numbers = itertools.count(random.randrange(1_000))
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true,
      cancelable: true }));
}"""


def fresh(millions: int) -> str:
    """A figure that no earlier test or run has left in the cell, as people write it: 7.012.345."""
    return f"{millions}.{time.time_ns() // 1_000_000 % 1_000:03d}.{next(_numbers) % 1_000:03d}"


def spent(page: Any) -> Any:
    return page.locator("input[name$='-financial_rupiah']")


def saved(page: Any) -> None:
    page.locator("[data-grid-status]", has_text="Tersimpan pukul").wait_for()


@pytest.fixture
def desk(sit: Callable[[str], Desk]) -> Desk:
    found = sit("operator")
    found.open(f"/isian/{LAST_MONTH}/")
    return found


def test_by_keyboard_only_with_sums_and_remarks(desk: Desk) -> None:
    page = desk.page
    one, two = fresh(1), fresh(2)
    spent(page).first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(one)
    page.keyboard.press("ArrowDown")  # the cell below, its text selected: typing replaces it
    page.keyboard.type(two)
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.value") == one
    page.keyboard.press("ArrowRight")  # selected text: the caret is at its end
    assert page.evaluate("document.activeElement.name").endswith("physical_percent")
    page.keyboard.type("0,5")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name").endswith("obstacle")
    saved(page)
    # Cumulative, and far below the month before: the row says so.
    page.locator(".finding", has_text="seharusnya tidak turun").first.wait_for()
    total = page.locator("[data-total='p-financial_rupiah']").inner_text()
    assert int(total.replace(".", "")) >= 3_000_000
    desk.look("14-isian")
    page.reload()
    assert spent(page).nth(1).input_value() == two


def test_a_block_from_excel_is_pasted_and_taken_back(desk: Desk) -> None:
    page = desk.page
    quarter = f"{YEAR}-Q{(int(LAST_MONTH[-2:]) + 2) // 3}"
    desk.open(f"/isian/{quarter}/")
    begin = page.get_by_role("button", name="Mulai periode ini")
    if begin.count():
        begin.click()
    rows = page.locator("table[data-kind='r'] tr[data-row]")
    count = min(12, rows.count())
    start = 1_000 * random.randint(1, 900)
    block = "\n".join("\t".join(str(start + 100 * row + column) for column in range(10)) for row in range(1, 13))
    first = page.locator("table[data-kind='r'] input").first
    before = first.input_value()
    first.focus()
    page.evaluate(PASTE, block)
    saved(page)
    values = [page.locator(f"table[data-kind='r'] tr[data-row] >> nth={row} >> input").all() for row in range(count)]
    for row, cells in enumerate(values, start=1):
        assert [cell.input_value().replace(".", "") for cell in cells[:7]] == [
            str(start + 100 * row + column) for column in range(7)
        ]
    page.locator("[data-grid-note]", has_text="tidak muat").wait_for()  # the table has no tenth column, and says so
    page.locator(".finding", has_text="Jumlah bagian").first.wait_for()
    first.focus()
    page.keyboard.press("Control+z")
    expect(page.locator("table[data-kind='r'] input").first).to_have_value(before)


def test_the_line_drops_and_comes_back(desk: Desk) -> None:
    page = desk.page
    text = fresh(3)
    page.context.set_offline(True)
    spent(page).nth(2).fill(text)
    page.locator("[data-grid-status].is-problem", has_text="disimpan di perangkat ini").wait_for()
    assert text in page.evaluate("JSON.stringify(localStorage)")
    desk.said.clear()  # the browser itself complains of the dropped line
    page.context.set_offline(False)
    saved(page)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('isian')).length") == 0
    page.reload()
    assert spent(page).nth(2).input_value() == text


def test_what_was_typed_before_the_page_was_closed_comes_back(desk: Desk) -> None:
    page = desk.page
    text = fresh(4)
    page.route("**/isian/sel/", lambda route: route.abort())
    spent(page).nth(2).fill(text)
    page.locator("[data-grid-status].is-problem").wait_for()
    page.unroute("**/isian/sel/")
    desk.open(f"/isian/{LAST_MONTH}/")
    saved(page)
    assert spent(page).nth(2).input_value() == text


def test_a_cell_at_which_the_server_fails_holds_up_no_other(desk: Desk) -> None:
    page = desk.page
    bad, good = fresh(8), fresh(9)

    def answer(route: Any) -> None:
        if bad in (route.request.post_data or ""):
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    page.route("**/isian/sel/", answer)
    spent(page).nth(2).fill(bad)
    spent(page).nth(3).fill(good)
    spent(page).nth(3).blur()
    spent(page).nth(3).and_(page.locator("[data-saved]")).wait_for()
    assert spent(page).nth(2).get_attribute("aria-invalid") == "true"
    assert bad in page.evaluate("JSON.stringify(localStorage)")
    desk.said.clear()  # the browser itself complains of the answers
    page.unroute("**/isian/sel/")
    page.reload()
    saved(page)
    assert [spent(page).nth(place).input_value() for place in (2, 3)] == [bad, good]


def test_two_operators_in_one_cell(desk: Desk, sit: Callable[[str], Desk]) -> None:
    other = sit("ppk")
    theirs, mine = fresh(5), fresh(6)
    other.open(f"/isian/{LAST_MONTH}/")
    spent(desk.page).nth(3).fill(theirs)
    desk.page.keyboard.press("Tab")
    saved(desk.page)
    spent(other.page).nth(3).fill(mine)
    other.page.keyboard.press("Tab")
    conflict = other.page.locator(".grid-conflict", has_text="Rina Wulandari")
    conflict.wait_for()
    assert theirs in conflict.inner_text()
    other.look("15-isian-bentrok")
    conflict.get_by_role("button", name="Pakai milik saya").click()
    saved(other.page)
    desk.page.reload()
    assert spent(desk.page).nth(3).input_value() == mine


def test_on_a_phone(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 740})
    field = spent(page).nth(4)
    box = field.bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["height"] >= 40
    field.fill(fresh(7))
    saved(page)
    desk.look("16-isian-ponsel")


def test_a_list_with_five_kinds_of_errors(desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    heading = page.request.get(f"{desk.portal.address}/isian/{LAST_MONTH}/buku-kerja/").body()
    assert heading[:2] == b"PK"
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("data_rka")
    sheet.write_row(0, 0, ["kode_sbl", "kode_akun", "nama_komponen", "volume", "harga_satuan", "rincian"])
    code = sbl_code(desk)
    rows = [
        [code, "5.1.02.01.01.0026", f"Kertas {fresh(1)}", 10, 5_000, 50_000],
        ["0.0.0", "5.1.02.01.01.0026", "Tak dikenal", 1, 1, 1],
        [code, "5.1.02.01.01.0026", "Teks", 1, 1, "dua juta"],
        [code, "5.1.02.01.01.0026", "Minus", 1, 1, -5],
        [code, "4.1", "Akun", 1, 1, 1],
        [code, "", "Kosong", 1, 1, 1],
    ]
    for at, row in enumerate(rows, start=1):
        sheet.write_row(at, 0, row)
    book.close()
    path = tmp_path / "rka.xlsx"
    path.write_bytes(file.getvalue())
    desk.open("/unggahan/")
    page.get_by_label("Berkas").set_input_files(path)
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.get_by_role("heading", name="Yang akan berubah").wait_for()
    text = page.locator("main").inner_text()
    for words in (
        "unggah dahulu daftar sub kegiatan",
        "bukan angka",
        "kurang dari nol",
        "bukan akun belanja",
        "harus diisi",
    ):
        assert words in text
    desk.look("17-unggahan")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("sel bertanda")).click()
    assert download.value.suggested_filename == "periksa-rka.xlsx"
    page.get_by_role("button", name="Terapkan tanpa").click()
    page.get_by_text("Sebutkan mengapa baris yang ditolak").first.wait_for()
    page.get_by_label("Mengapa baris yang ditolak").fill("Diperbaiki menyusul")
    page.get_by_role("button", name="Terapkan tanpa").click()
    page.locator(".alert-success", has_text="1 baru").wait_for()


def sbl_code(desk: Desk) -> str:
    """A sub-activity of the OPD, as its programme's page names it."""
    page = desk.page
    desk.open(f"/isian/{LAST_MONTH}/")
    page.locator(".grid-program a").first.click()
    desk.open("/program/")
    page.locator("td.title-cell a").first.click()
    found = re.search(r"7\.\d+\.\d+\.1", page.locator("main").inner_text())
    assert found is not None
    desk.look("18-program-dampak")
    return found[0]
