"""The governor's office: the overview, and from each figure to its rows."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from core.pagination import ROWS_PER_PAGE
from tests.browser.conftest import OF_THE_WORKER, Desk
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def figure(text: str) -> int:
    return int(text.replace(".", "").strip())


def test_the_first_page_is_one_screen_and_begins_with_what_needs_the_office(sit: Callable[[str], Desk]) -> None:
    desk = sit("gubernur")
    page = desk.page
    page.set_viewport_size({"width": 1366, "height": 768})
    parts = [page.locator(f".office-{name}") for name in ("needs", "figures", "lamps", "map")]
    for part in parts:
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768, "below the fold"
    desk.look("39-kantor-gubernur")
    page.set_viewport_size({"width": 360, "height": 740})
    tops = [(part.bounding_box() or {"y": 0})["y"] for part in parts]
    assert tops == sorted(tops), "on a phone, what needs the office stands first"
    page.set_viewport_size({"width": 1366, "height": 800})
    page.locator(".needs li:not(.is-overdue) .btn").first.click()
    expect(page.locator("#id_text")).to_have_value(re.compile("."))
    expect(page.locator("#id_measure")).to_have_value(re.compile("."))


def test_every_figure_leads_to_its_rows(sit: Callable[..., Desk]) -> None:
    desk = sit("gubernur")
    page = desk.page
    page.get_by_role("link", name="Buka dasbor").click()
    desk.look("20-dasbor")

    def leads_to_as_many_rows(tile: str, part: str) -> bool:
        desk.open(f"/dasbor/?lihat={part}")
        box = page.locator("a.tile", has_text=tile)
        said = figure(box.locator(".tile-figure").inner_text())
        box.click()
        return bool(page.locator("#results tbody tr").count() == min(said, ROWS_PER_PAGE))

    for tile, part in (("Nilai yang menyimpang", "data"), ("Program terdaftar", "program")):
        # What another test has just typed is in the list at once, and in the sum when the worker has worked it out.
        until(partial(leads_to_as_many_rows, tile, part), 60)
    page.goto(f"{desk.portal.address}/dasbor/")
    page.get_by_role("link", name="Wilayah", exact=True).click()
    page.locator("#map").get_by_role("link", name="Program", exact=True).click()
    page.locator("#map a.btn-primary", has_text="Program").wait_for()
    desk.look("21-peta")
    page.locator("#map svg a", has_text="Samarinda").first.click()
    page.get_by_role("heading", name="Program", exact=True).wait_for()
    expect(page.locator("#results tbody tr")).not_to_have_count(0)
    desk.open("/dasbor/?lihat=procurement")
    page.locator("a.tile", has_text="tanpa pernyataan").click()
    expect(page.locator("#results .state-bad", has_text="belum ada")).not_to_have_count(0)
    desk.look("22-paket-tanpa-pernyataan")


def test_the_filters_stand_in_the_address(sit: Callable[..., Desk]) -> None:
    desk = sit("gubernur", at="/dasbor/")
    page = desk.page
    tile = page.locator("a.tile", has_text="Program terdaftar")
    whole = figure(tile.locator(".tile-figure").inner_text())
    page.locator("#id_agency").select_option(label="Dinas Pendidikan dan Kebudayaan")
    page.wait_for_url("**agency=**")
    tile.locator(".tile-figure", has_text=re.compile(f"^(?!{whole}$)")).wait_for()
    narrowed = figure(tile.locator(".tile-figure").inner_text())
    assert narrowed < whole
    shared = page.url
    assert "tahun=" in shared
    page.goto(shared)  # as somebody else would who was sent it
    until(lambda: figure(tile.locator(".tile-figure").inner_text()) == narrowed)
    tile.click()
    expect(page.locator("#results tbody tr")).to_have_count(narrowed)
    desk.look("40-keadaan-program")


def test_the_map_of_any_measure_and_two_side_by_side(sit: Callable[..., Desk]) -> None:
    desk = sit("gubernur", at="/dasbor/peta/")
    page = desk.page
    page.locator("#ukuran").select_option(value="program")
    page.locator("#results .card-title", has_text="Program yang menjangkau wilayah").first.wait_for()
    expect(page.locator("#results tbody tr").nth(9)).to_be_attached()
    desk.look("41-peta-ukuran")
    desk.open("/dasbor/banding/?a=64.71&b=64.72")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    desk.look("42-banding-wilayah")


def test_an_opd_beside_the_others(sit: Callable[..., Desk]) -> None:
    desk = sit("kepala")
    desk.page.get_by_role("link", name="di antara OPD lain").click()
    desk.page.get_by_role("heading", name="Yang harus dikerjakan minggu ini").wait_for()
    expect(desk.page.locator("a.tile")).to_have_count(11)
    desk.look("43-halaman-opd")


def test_a_warning_is_silenced_with_a_reason(sit: Callable[..., Desk]) -> None:
    desk = sit("gubernur", at="/peringatan/")
    page = desk.page
    desk.look("44-peringatan")
    before = page.locator(".warnings > li").count()
    assert before > 0
    page.locator(".matter-rows").first.evaluate("it => { it.open = true }")
    card = page.locator(".matter-rows li").first
    subject = card.locator("a").first.inner_text()
    card.locator("summary", has_text="Senyapkan").click()
    card.get_by_label("Mengapa").fill("Sudah dibahas dengan kepala dinas; tindak lanjut berjalan.")
    card.get_by_role("button", name="Senyapkan dengan alasan ini").click()
    page.locator("#notices").wait_for()
    desk.open("/peringatan/?silent=yes")
    expect(page.locator(".warnings")).to_contain_text(subject)
    expect(page.locator(".warnings")).to_contain_text("Sudah dibahas dengan kepala dinas")
    desk.open("/peringatan/ketepatan/")
    desk.look("45-ketepatan-peringatan")


def test_the_briefing_on_paper_and_on_the_screen(sit: Callable[..., Desk]) -> None:
    desk = sit("gubernur", at="/rapat/")
    page = desk.page
    page.get_by_role("button", name="Buat bahan rapat sekarang").click()
    page.get_by_role("link", name="Tampilkan di layar").wait_for(timeout=OF_THE_WORKER)
    desk.look("46-bahan-rapat")
    address = page.get_by_role("link", name="PDF").first.get_attribute("href")
    assert page.request.get(f"{desk.portal.address}{address}").body().startswith(b"%PDF-")
    page.get_by_role("link", name="Tampilkan di layar").click()
    page.set_viewport_size({"width": 1920, "height": 1080})
    slides = page.locator(".slide")
    expect(slides.nth(8)).to_be_attached()
    for number in range(1, slides.count() + 1):
        shown = page.locator(".slide:visible")
        expect(shown).to_have_count(1)
        expect(page.locator("#place")).to_have_text(f"Salindia {number} dari {slides.count()}")
        # From five metres: 1.5 % of the picture's height is the smallest that people still read.
        sizes = shown.evaluate(SIZES)
        assert min(sizes) >= 16, f"slide {number}: {min(sizes)} px"
        hidden = shown.evaluate(HIDDEN)
        assert not hidden, f"slide {number} reaches under the bar"
        assert not desk.checked_as_is(f"slide {number}")
        desk.picture(f"47-salindia-{number}") if number in {1, 4, 6} else None
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    expect(page.locator("#place")).to_contain_text("Salindia 1 ")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".slide:visible h2")).to_have_text("Bahan rapat mingguan")
    page.set_viewport_size({"width": 1366, "height": 800})
    page.get_by_role("link", name="Beri arahan").click()
    page.get_by_role("heading", name="Catat arahan").wait_for()


HIDDEN = """(slide) => [...slide.querySelectorAll("*")].filter((e) => !e.children.length
    && e.getBoundingClientRect().bottom >
              document.querySelector(".slide-bar").getBoundingClientRect().top + 1).length"""
SIZES = """(slide) => [...slide.querySelectorAll("*")]
    .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => e.ownerSVGElement ? parseFloat(getComputedStyle(e).fontSize) *
              e.ownerSVGElement.getBoundingClientRect().width
        / (e.ownerSVGElement.viewBox.baseVal.width || 1) : parseFloat(getComputedStyle(e).fontSize))"""


def test_everybody_reads_the_public_page(chromium: Any, portal: Any) -> None:
    page = chromium.new_context(
        viewport={"width": 1366, "height": 800}, locale="id-ID", accept_downloads=True
    ).new_page()
    desk = Desk(page, portal)
    desk.open("/publik/")
    desk.look("48-publik")
    with page.expect_download() as download:
        page.get_by_role("link", name="Program: CSV").first.click()
    assert Path(download.value.path()).read_text().splitlines()[0].startswith("tahun,")
    page.get_by_role("link", name="Kamus data").first.click()
    page.get_by_role("heading", name="Kamus data").wait_for()
    desk.look("49-kamus-data")
    page.context.close()


def test_the_overview_reads_without_javascript(chromium: object, portal: object, sit: Callable[..., Desk]) -> None:
    desk = sit("gubernur")
    cookies = desk.page.context.cookies()
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{desk.portal.address}/dasbor/")
    page.get_by_role("link", name="Wilayah", exact=True).click()
    page.locator("#map").get_by_role("link", name="Program", exact=True).click()
    expect(page.locator("#map svg")).to_have_count(1)
    expect(page.locator("#map tbody tr")).to_have_count(10)
    page.goto(f"{desk.portal.address}/laporan/nilai/")
    page.get_by_label("Hasil pemeriksaan").select_option("deviates")
    page.get_by_role("button", name="Tampilkan").click()
    assert "verdict=deviates" in page.url
    context.close()


def test_a_directive_and_a_service(sit: Callable[..., Desk]) -> None:
    desk = sit("gubernur", at="/arahan/")
    page = desk.page
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
