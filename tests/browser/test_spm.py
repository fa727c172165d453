"""SPM from the entry of a month over the index and the what-if to the report."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.pages import figure_like

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_from_the_entry_to_the_report(sit: Callable[[str], Desk], tmp_path: Path) -> None:
    desk = sit("operator")
    page = desk.page
    desk.door("Pelayanan dasar (SPM)", "Indeks SPM")
    page.wait_for_selector("text=Indeks provinsi")
    desk.look("80-spm")
    page.get_by_role("link", name="Isi", exact=True).click()
    desk.look("81-isian-spm")
    page.locator("ul.tasks a").first.click()
    page.wait_for_selector("text=Simpan bulan ini")
    served = page.locator("input[id$='-served']").first
    must = int(page.locator("input[id$='-must_be_served']").first.input_value().replace(".", ""))
    served.fill(str(must - 1))
    page.locator("textarea[id$='-unserved_reason']").first.fill("")
    page.get_by_role("button", name="Simpan bulan ini").click()
    page.wait_for_selector("text=Tulis alasan masih ada yang belum dilayani")
    expect(served, "what was typed is still there").to_have_value(figure_like(must - 1))
    page.locator("textarea[id$='-unserved_reason']").first.fill("Satu orang pindah")
    region = (served.get_attribute("id") or "").removesuffix("-served")
    required = page.locator(f"input[id^='{region}-required_']")  # stands there from last month
    fulfilled = page.locator(f"input[id^='{region}-fulfilled_']")
    for number in range(fulfilled.count()):
        asked = required.nth(number).input_value()
        fulfilled.nth(number).fill(asked if number else str(int(float(asked.replace(".", "").replace(",", "."))) - 1))
    page.get_by_role("button", name="Simpan bulan ini").click()
    page.wait_for_selector("text=indeks dihitung ulang")
    desk.look("82-isian-spm-bulan")
    page.get_by_role("link", name=re.compile("Bagaimana dihitung")).first.click()
    page.wait_for_selector("text=Penerima layanan, baris demi baris")
    desk.look("83-hitungan")
    page.get_by_role("link", name="Apa yang diperlukan").click()
    before = page.locator("#what-if .h2").inner_text()
    slider = page.locator("input[type=range]:enabled").last  # what is missing of an element
    slider.focus()
    slider.press("End")
    expect(page.locator("#what-if .h2")).not_to_have_text(before)
    desk.look("84-celah")
    page.get_by_label("Simpan sebagai rencana").fill("Dikejar sampai Desember")
    page.get_by_role("button", name="Simpan rencana").click()
    page.wait_for_selector("text=Rencana disimpan")
    desk.open("/spm/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Laporan (PDF)").click()
    report = tmp_path / "laporan.pdf"
    waiting.value.save_as(report)
    assert report.read_bytes().startswith(b"%PDF")
    page.locator(".spm-heat tbody a").first.click()
    page.wait_for_selector("text=Tahapan penerapan SPM")
    desk.look("85-tahapan")
