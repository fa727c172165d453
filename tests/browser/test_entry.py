"""The grid in a real browser: keys only, a pasted block, the line that drops, two operators, a phone; and an upload."""

import datetime as dt
import io
import itertools
import random
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.pages import figure_like
from tests.stack import until

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


def values_of(fields: Iterable[Any]) -> list[str]:
    return [field.input_value() for field in fields]


def saved(page: Any) -> None:
    page.locator("[data-grid-status]", has_text="Tersimpan pukul").wait_for()


def nothing_waits(page: Any) -> None:
    """Everything typed is with the server: the device keeps nothing of the grid any more."""
    waiting = "Object.keys(localStorage).filter((key) => key.startsWith('isian')).length"
    until(lambda: not page.evaluate(waiting))


@pytest.fixture
def desk(sit: Callable[..., Desk]) -> Desk:
    return sit("operator", at=f"/isian/{LAST_MONTH}/")


def test_two_tabs_without_a_line_lose_nothing_of_each_other(desk: Desk) -> None:
    one, two, texts = desk.page, desk.page.context.new_page(), (fresh(3), fresh(4))
    two.goto(one.url)
    spent(two).first.wait_for()
    one.context.set_offline(True)
    spent(one).nth(2).fill(texts[0])
    one.locator("[data-grid-status].is-problem").wait_for()
    spent(two).nth(3).fill(texts[1])
    two.locator("[data-grid-status].is-problem").wait_for()
    one.close()
    two.context.set_offline(False)
    two.locator("[data-grid-status]", has_text="Tersimpan pukul").wait_for()
    two.reload()
    nothing_waits(two)
    two.reload()
    expect(spent(two).nth(2)).to_have_value(texts[0])
    expect(spent(two).nth(3)).to_have_value(texts[1])


def test_two_tabs_in_one_cell_without_a_line_are_both_kept(desk: Desk) -> None:
    one, two, texts = desk.page, desk.page.context.new_page(), (fresh(6), fresh(7))
    two.goto(one.url)
    spent(two).first.wait_for()
    one.context.set_offline(True)
    for page, text in ((one, texts[0]), (two, texts[1])):
        spent(page).nth(2).fill(text)
        page.locator("[data-grid-status].is-problem").wait_for()
    one.close()
    two.context.set_offline(False)
    # Saved, or with the choice open at once: it depends on which of the two the portal got first.
    expect(two.locator("[data-grid-status]")).to_have_text(re.compile("Tersimpan pukul|Belum semuanya tersimpan"))
    two.reload()
    both = two.locator("td", has=two.locator(".grid-conflict"))
    both.wait_for()
    for text in texts:
        until(lambda text=text: text in both.locator("input").input_value() + both.inner_text())
    both.get_by_role("button", name="Pakai").first.click()
    two.locator(".grid-conflict").wait_for(state="detached")
    nothing_waits(two)


def test_what_no_longer_has_a_cell_is_shown(desk: Desk) -> None:
    """As where the report was sent while somebody else was typing."""
    page = desk.page
    key = page.locator("form[data-grid]").get_attribute("data-key")
    kept = '{"v0-problems": {"text": "Dermaga terendam", "base": "", "label": "Permasalahan"}}'
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, kept])
    page.reload()
    box = page.locator(".alert", has_text="Dermaga terendam")
    box.wait_for()
    spent(page).first.fill(fresh(5))
    saved(page)
    page.reload()
    box.get_by_role("button", name="Buang").click()
    page.reload()
    spent(page).first.wait_for()
    expect(box).to_have_count(0)


def test_by_keyboard_only_with_sums_and_remarks(desk: Desk) -> None:
    page = desk.page
    one, two = fresh(1), fresh(2)
    spent(page).first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(one)
    page.keyboard.press("ArrowDown")  # the cell below, its text selected: typing replaces it
    page.keyboard.type(two)
    page.keyboard.press("ArrowUp")
    expect(page.locator(":focus")).to_have_value(one)
    page.keyboard.press("ArrowRight")  # selected text: the caret is at its end
    expect(page.locator(":focus")).to_have_attribute("name", re.compile("physical_percent$"))
    page.keyboard.type("0,5")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", re.compile("obstacle$"))
    saved(page)
    # Cumulative, and far below the month before: the row says so.
    page.locator(".finding", has_text="seharusnya tidak turun").first.wait_for()
    total = page.locator("[data-total='p-financial_rupiah']").inner_text()
    assert int(total.replace(".", "")) >= 3_000_000
    desk.look("14-isian")
    page.reload()
    expect(spent(page).nth(1)).to_have_value(two)


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
        for column, cell in enumerate(cells[:7]):
            expect(cell).to_have_value(figure_like(start + 100 * row + column))
    page.locator("[data-grid-note]", has_text="tidak muat").wait_for()  # the table has no tenth column, and says so
    page.locator(".finding", has_text="berjumlah").first.wait_for()
    first.focus()
    page.keyboard.press("Control+z")
    expect(page.locator("table[data-kind='r'] input").first).to_have_value(before)


def test_a_click_selects_typing_replaces_f2_edits(desk: Desk) -> None:
    page = desk.page
    field = spent(page).nth(1)
    one, two = fresh(10), fresh(11)
    field.fill(one)
    spent(page).nth(0).click()
    field.click()
    page.keyboard.type(two)
    expect(field).to_have_value(two)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F2")
    page.keyboard.type("1")
    expect(field).to_have_value(f"{two}1")
    page.keyboard.press("Escape")
    expect(field).to_have_value(two)
    field.dblclick()
    page.keyboard.press("Backspace")
    expect(field).to_have_value(two[:-1])
    page.keyboard.press("Escape")
    expect(field).to_have_value(two)


def test_a_range_is_copied_pasted_filled_taken_back_and_done_again(desk: Desk) -> None:
    page = desk.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explained = page.locator("textarea[name$='-obstacle']")
    texts = [f'Hujan {fresh(1)}\n"banjir"\tdan angin', f'"kata" {fresh(2)}', f"biasa {fresh(3)}"]
    for place, text in enumerate(texts):
        explained.nth(place).fill(text)
    figures = [spent(page).nth(place).input_value() for place in range(3)]
    explained.nth(0).click()
    explained.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-sheet-range]")).to_have_text("3 × 1 sel")
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert len(copied.splitlines()) == 4, "a line break within a cell, and two between three"
    page.locator("textarea[name$='-reason']").nth(0).click()
    page.keyboard.press("Control+v")
    reasons = page.locator("textarea[name$='-reason']")
    for place, text in enumerate(texts):
        expect(reasons.nth(place)).to_have_value(text)
    for place, figure in enumerate(figures):
        expect(spent(page).nth(place), "nothing landed beside").to_have_value(figure)
    page.keyboard.press("Control+z")
    expect(reasons.nth(1)).not_to_have_value(texts[1])
    page.keyboard.press("Control+y")
    expect(reasons.nth(1)).to_have_value(texts[1])
    reasons.nth(0).click()
    for _step in range(2):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    expect(reasons.nth(2)).to_have_value(texts[0])
    page.keyboard.press("Delete")
    expect(reasons.nth(0)).to_have_value("")
    nothing_waits(page)
    page.reload()
    for place in range(3):
        expect(reasons.nth(place)).to_have_value("")


def test_words_are_not_pasted_into_figures_and_a_figure_fills_a_range(desk: Desk) -> None:
    page = desk.page
    before = spent(page).nth(0).input_value()
    spent(page).nth(0).click()
    page.evaluate(PASTE, "belum ada\n12.345.678")
    page.locator("[data-grid-note]", has_text="Teks tidak ditempel ke sel angka. Sel: 1").wait_for()
    expect(spent(page).nth(0)).to_have_value(before)
    expect(spent(page).nth(1)).to_have_value("12.345.678")
    saved(page)  # its remarks make the row taller
    spent(page).nth(0).hover()
    page.mouse.down()
    spent(page).nth(1).hover()
    page.mouse.up()
    page.evaluate(PASTE, "1.000")
    expect(page.locator("[data-sheet-range]")).to_have_text("2 × 1 sel · jumlah 2.000")


def test_a_block_laid_out_as_the_sheet_looks_finds_its_columns(desk: Desk) -> None:
    """Excel's copy has the closed column of the month before too; nothing moves into the next column by it."""
    page = desk.page
    row = page.locator("table[data-kind='p'] tr[data-row]").nth(1)
    fields = {name: row.locator(f"[name$='-{name}']") for name in ("financial_rupiah", "physical_percent", "obstacle")}
    before = values_of(fields.values())
    labels = row.locator("td").evaluate_all("cells => cells.map((cell) => cell.dataset.label)")
    texts = {"Sebelumnya": "1", "Permasalahan": "Hujan deras"}
    places = {fields[name].evaluate("f => f.closest('td').cellIndex"): name for name in fields}
    money, share = fresh(8), "81,5"
    line = []
    for index, label in enumerate(labels, start=1):
        name = places.get(index)
        line.append({"financial_rupiah": money, "physical_percent": share}.get(name or "") or texts.get(label, ""))
    start = row.locator("td input, td textarea").first
    first = start.evaluate("f => f.closest('td').cellIndex") - 1
    start.click()
    page.evaluate(PASTE, "\t".join(line[first:]))
    page.locator("[data-grid-note]", has_text="menurut kolom yang terlihat").wait_for()
    until(lambda: values_of(fields.values()) == [money, share, "Hujan deras"])
    page.locator("[data-sheet-undo]").click()
    until(lambda: values_of(fields.values()) == before)
    nothing_waits(page)


def test_what_is_refused_is_not_in_the_sum(desk: Desk) -> None:
    """A figure that can be read twice is none yet; the sum says that a cell is missing in it."""
    page = desk.page
    total = page.locator("[data-total='p-financial_rupiah']")
    first = spent(page).nth(0)
    kept = first.input_value()
    first.click()
    page.keyboard.type("5%")
    page.keyboard.press("Tab")
    total.filter(has_text="1 belum dibaca").wait_for()
    without = int(total.inner_text().partition(" ")[0].replace(".", ""))
    first.click()
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    total.filter(has_not_text="belum dibaca").wait_for()
    until(lambda: int(total.inner_text().replace(".", "")) == without + 7)
    first.fill(kept)
    page.keyboard.press("Tab")
    saved(page)


def test_as_last_month(desk: Desk) -> None:
    page = desk.page
    spent(page).nth(0).click()
    for _step in range(2):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Seperti bulan lalu").click()
    earlier = page.locator("table[data-kind='p'] tr[data-row] td:nth-of-type(2)")  # the column “Sebelumnya”
    for place in range(3):
        expect(spent(page).nth(place)).to_have_value(earlier.nth(place).inner_text().strip())


def test_the_last_figure_is_sent_with_the_rest(desk: Desk) -> None:
    """Send at once after typing: what was typed is saved first."""
    page = desk.page
    text = fresh(12)
    page.route("**/isian/sel/", lambda route: (time.sleep(0.5), route.continue_()))
    spent(page).nth(0).fill(text)
    spent(page).nth(1).fill(fresh(12))
    page.get_by_role("button", name="Kirim yang sudah lengkap").click()
    page.wait_for_load_state()
    page.locator(".alert", has_text="belum").or_(page.locator(".alert", has_text="tanpa")).first.wait_for()
    page.unroute("**/isian/sel/")
    desk.open(f"/isian/{LAST_MONTH}/")
    until(lambda: not spent(page).count() or text in values_of(spent(page).all()))


def test_the_line_drops_and_comes_back(desk: Desk) -> None:
    page = desk.page
    text = fresh(3)
    page.context.set_offline(True)
    spent(page).nth(2).fill(text)
    page.locator("[data-grid-status].is-problem", has_text="disimpan di perangkat ini").wait_for()
    until(lambda: text in page.evaluate("JSON.stringify(localStorage)"))
    desk.said.clear()  # the browser itself complains of the dropped line
    page.context.set_offline(False)
    saved(page)
    nothing_waits(page)
    page.reload()
    expect(spent(page).nth(2)).to_have_value(text)


def test_what_was_typed_before_the_page_was_closed_comes_back(desk: Desk) -> None:
    page = desk.page
    text = fresh(4)
    page.route("**/isian/sel/", lambda route: route.abort())
    spent(page).nth(2).fill(text)
    page.locator("[data-grid-status].is-problem").wait_for()
    page.unroute("**/isian/sel/")
    desk.open(f"/isian/{LAST_MONTH}/")
    saved(page)
    expect(spent(page).nth(2)).to_have_value(text)


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
    expect(spent(page).nth(2)).to_have_attribute("aria-invalid", "true")
    until(lambda: bad in page.evaluate("JSON.stringify(localStorage)"))
    desk.said.clear()  # the browser itself complains of the answers
    page.unroute("**/isian/sel/")
    page.reload()
    saved(page)
    expect(spent(page).nth(2)).to_have_value(bad)
    expect(spent(page).nth(3)).to_have_value(good)


def test_a_text_that_is_too_long_says_so_in_its_row_and_stays(desk: Desk) -> None:
    page, text = desk.page, "kata " * 24_000
    row = page.locator("tr[data-row]", has=page.locator("textarea[name$='-obstacle']")).nth(2)
    field = row.locator("textarea[name$='-obstacle']")
    before = field.input_value()
    field.fill(text)
    spent(page).nth(3).fill(fresh(8))
    spent(page).nth(3).blur()
    spent(page).nth(3).and_(page.locator("[data-saved]")).wait_for()
    expect(row.locator(".finding", has_text="119.999")).to_have_count(1)
    expect(page.locator("[data-grid-status]")).to_contain_text("Sebagian sel tidak tersimpan")
    page.reload()
    row.locator(".finding", has_text="119.999").wait_for()
    expect(field).to_have_value(text)
    field.fill(before)
    nothing_waits(page)
    expect(row.locator("[data-problem]")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-grid-status]")).not_to_contain_text("tidak tersimpan")


def test_two_operators_in_one_cell(desk: Desk, sit: Callable[..., Desk]) -> None:
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
    expect(conflict).to_contain_text(theirs)
    status = other.page.locator("[data-grid-status]")
    expect(status).to_contain_text("Belum semuanya tersimpan")
    spent(other.page).nth(4).fill(fresh(7))
    other.page.keyboard.press("Tab")
    spent(other.page).nth(4).and_(other.page.locator("[data-saved]")).wait_for()
    expect(status).to_contain_text("Belum semuanya tersimpan")  # a later save does not hide the open choice
    other.look("15-isian-bentrok")
    conflict.get_by_role("button", name="Pakai milik saya").click()
    saved(other.page)
    desk.page.reload()
    expect(spent(desk.page).nth(3)).to_have_value(mine)


def test_taking_what_the_other_one_entered_is_saved_at_once(desk: Desk, sit: Callable[[str], Desk]) -> None:
    other = sit("ppk")
    theirs = fresh(5)
    other.open(f"/isian/{LAST_MONTH}/")
    spent(desk.page).nth(3).fill(theirs)
    desk.page.keyboard.press("Tab")
    saved(desk.page)
    spent(other.page).nth(3).fill(fresh(6))
    other.page.keyboard.press("Tab")
    other.page.locator(".grid-conflict").get_by_role("button", name="Pakai miliknya").click()
    saved(other.page)
    nothing_waits(other.page)
    expect(spent(other.page).nth(3)).to_have_value(theirs)


def test_on_a_phone(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 740})
    field = spent(page).locator("visible=true").nth(1)
    box = field.bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["height"] >= 40
    field.fill(fresh(7))
    saved(page)
    field.evaluate("each => each.scrollIntoView({ block: 'center' })")
    desk.look("16-isian-ponsel")


def test_a_phone_shows_what_is_still_to_be_filled_in(desk: Desk) -> None:
    """Of several programmes the first with gaps; the others, and rows that are complete, open at a press."""
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 740})
    blocks, folded = page.locator("tbody[data-report]"), page.locator("tbody[data-folded]")
    expect(folded).to_have_count(blocks.count() - 1)
    openers = page.locator(".grid-program .sheet-fold")
    place = next(number for number in range(blocks.count()) if blocks.nth(number).get_attribute("data-folded") == "")
    opener = openers.nth(place)
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(opener).to_contain_text("baris:")
    opener.click()
    expect(folded).to_have_count(blocks.count() - 2)
    expect(opener).to_have_attribute("aria-expanded", "true")
    desk.picture("16-isian-ponsel-lipat")


def test_explanations_stand_in_the_first_view_of_a_small_desk(desk: Desk) -> None:
    page = desk.page
    for address in (f"/isian/{LAST_MONTH}/", f"/isian/{YEAR}-Q1/"):
        desk.open(address)
        for table in page.locator(".grid-scroll").all():
            until(lambda table=table: table.evaluate("each => each.scrollWidth <= each.clientWidth"))


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
