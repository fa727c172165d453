"""The governor's office: the overview, and from each figure to its rows."""

from collections.abc import Callable

import pytest

from core.listing import ROWS_PER_PAGE
from tests.browser.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def figure(text: str) -> int:
    return int(text.replace(".", "").strip())


def test_every_figure_leads_to_its_rows(sit: Callable[[str], Desk]) -> None:
    desk = sit("gubernur")
    page = desk.page
    page.get_by_role("link", name="Buka dasbor").click()
    desk.look("20-dasbor")
    for tile, rows in (("Nilai yang menyimpang", "tbody tr"), ("Program terdaftar", "tbody tr")):
        desk.open("/dasbor/")
        box = page.locator("a.tile", has_text=tile)
        said = figure(box.locator(".tile-figure").inner_text())
        box.click()
        assert page.locator(f"#results {rows}").count() == min(said, ROWS_PER_PAGE)
    desk.open("/dasbor/")
    page.locator("#map").get_by_role("link", name="Program", exact=True).click()
    page.locator("#map a.btn-primary", has_text="Program").wait_for()
    desk.look("21-peta")
    page.locator("#map svg a", has_text="Samarinda").first.click()
    page.get_by_role("heading", name="Program", exact=True).wait_for()
    assert page.locator("#results tbody tr").count() > 0
    desk.open("/dasbor/")
    page.locator("a.tile", has_text="tanpa pernyataan").click()
    assert page.locator("#results .state-bad", has_text="belum ada").count() > 0
    desk.look("22-paket-tanpa-pernyataan")


def test_the_overview_reads_without_javascript(chromium: object, portal: object, sit: Callable[[str], Desk]) -> None:
    desk = sit("gubernur")
    cookies = desk.page.context.cookies()
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{desk.portal.address}/dasbor/?peta=programs")
    assert page.locator("#map svg").count() == 1
    assert page.locator("table").count() >= 4
    page.goto(f"{desk.portal.address}/laporan/nilai/")
    page.get_by_label("Hasil pemeriksaan").select_option("deviates")
    page.get_by_role("button", name="Tampilkan").click()
    assert "verdict=deviates" in page.url
    context.close()


def test_a_directive_and_a_service(sit: Callable[[str], Desk]) -> None:
    desk = sit("gubernur")
    page = desk.page
    desk.open("/arahan/")
    desk.look("23-arahan")
    desk.open("/arahan/baru/")
    page.locator("#id_agency").select_option(label="Dinas Pendidikan dan Kebudayaan")
    page.locator("#id_text").fill("Laporkan kehadiran guru setiap minggu")
    page.get_by_label("Ukuran keberhasilan").fill("Laporan masuk empat minggu berturut-turut")
    page.locator("#id_due_on").fill("2030-01-31")
    page.get_by_role("button", name="Catat dan beri tahu OPD").click()
    page.get_by_role("heading", name="Laporkan kehadiran guru setiap minggu").wait_for()
    operator = sit("operator")
    operator.page.get_by_role("link", name="Jawab").first.wait_for()
    operator.page.goto(page.url)
    operator.page.get_by_label("Yang dilakukan").fill("Minggu pertama masuk.")
    operator.page.get_by_label("Terlaksana (%)").fill("25")
    operator.page.get_by_role("button", name="Laporkan kemajuan").click()
    operator.page.locator("#notices", has_text="Tindak lanjut disimpan").wait_for()
    operator.look("24-arahan-jawaban")
    desk.open("/layanan/")
    desk.look("25-layanan")
    page.locator(".title-cell a").first.click()
    page.locator("svg.flow").first.wait_for()
    desk.look("26-prosedur")
    desk.open("/layanan/peringkat/")
    desk.look("27-peringkat-layanan")
