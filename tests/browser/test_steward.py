"""The data steward: find a variable, see what it brings, map its rows, pull it with live progress, go back a
version.
"""

import re
from collections.abc import Callable

import psycopg2
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OF_THE_WORKER, Desk
from tests.stack import control

NAME = "Penduduk miskin, tabel statis"
pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_from_the_catalogue_to_a_version_that_is_set_aside(sit: Callable[..., Desk]) -> None:
    desk = sit("walidata")
    _without_the_last_run(desk)
    page = desk.page
    desk.door("Data", "Data acuan")
    desk.look("60-data-acuan")
    page.get_by_role("link", name="WebAPI BPS tiruan").first.click()
    page.get_by_label("Cari", exact=True).fill("41")
    page.get_by_role("button", name="Tampilkan").click()
    desk.look("61-katalog")
    page.get_by_role("link", name=re.compile("^Pakai")).first.click()
    page.locator("#id_unit").fill("Persen")  # a static table does not say its unit
    page.locator("#id_name").fill(NAME)
    page.get_by_text("Hanya untuk tabel statis").click()
    page.get_by_label("Hanya baris dengan").fill("salah")
    page.get_by_role("button", name="Simpan dan uji coba").click()
    page.wait_for_selector("text=kolom = nilai")
    expect(page.locator("#id_unit"), "what was typed is still there").to_have_value("Persen")
    page.get_by_label("Hanya baris dengan").fill("")
    page.get_by_role("button", name="Simpan dan uji coba").click()
    page.wait_for_selector("text=Wilayah setiap baris", timeout=OF_THE_WORKER)
    desk.look("62-siapkan-seri")
    page.get_by_role("button", name="Simpan wilayah ini").click()
    page.wait_for_selector("text=Wilayah seri ini disimpan")
    page.get_by_role("button", name="Aktifkan").click()
    page.wait_for_selector("text=selesai", timeout=OF_THE_WORKER)
    desk.look("63-penarikan")
    _revise_and_go_back(desk)


def _without_the_last_run(desk: Desk) -> None:
    """The database outlives the run; a series is there once only."""
    of_it = f"(SELECT id FROM datasources_series WHERE name = '{NAME}')"
    connection = psycopg2.connect(desk.portal.servers.superuser_url(desk.portal.database))
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM datasources_pull_payloads WHERE pull_id IN (SELECT id FROM datasources_pull WHERE "
            f"series_id IN {of_it})"
        )
        for table in ("observation", "pull", "payload", "regionmapping"):
            cursor.execute(f"DELETE FROM datasources_{table} WHERE series_id IN {of_it}")
        cursor.execute(f"DELETE FROM datasources_series WHERE name = '{NAME}'")
    connection.close()


def _revise_and_go_back(desk: Desk) -> None:
    page = desk.page
    desk.open("/acuan/?q=Harapan+lama")
    page.get_by_role("link", name=re.compile("^Harapan lama")).first.click()
    address = page.url
    _release(desk)
    year = re.findall(r">\s*(20\d\d)\s*<", page.content())[-1]
    control(desk.portal, revise={"909": {f"6472/{year}": round(20 + desk.portal.web_port % 90 / 10, 2)}})
    page.goto(address)
    page.get_by_role("button", name="Tarik sekarang").click()
    page.wait_for_selector("text=selesai", timeout=OF_THE_WORKER)
    page.goto(address)
    page.get_by_role("link", name="Bandingkan versi").click()
    rows = page.locator("tbody tr")
    rows.nth(0).locator("input[name=ke]").check()
    rows.nth(1).locator("input[name=dari]").check()
    page.get_by_role("button", name="Bandingkan dua yang dipilih").click()
    expect(page.get_by_role("cell", name="Kota Samarinda")).to_have_count(1)
    desk.look("64-bandingkan-versi")
    page.get_by_label("Alasan", exact=False).last.fill("Angka salah ketik di sumber")
    page.get_by_role("button", name="Kembali ke versi yang lebih lama").click()
    page.wait_for_selector("text=Angka versi itu berlaku lagi")
    page.goto(address)
    expect(page.get_by_role("button", name="Tarik sekarang")).to_be_disabled()
    _release(desk)


def _release(desk: Desk) -> None:
    """Whatever an earlier run left held."""
    page = desk.page
    address = page.url
    page.goto(address.rstrip("/") + "/versi/")
    if page.get_by_role("button", name="Lepas").count():
        page.locator("#release-reason").fill("Sumber sudah diperbaiki")
        page.get_by_role("button", name="Lepas").click()
        page.wait_for_selector("text=ditarik lagi menurut jadwal")
    page.goto(address)


def test_rules_schedule_and_quality(sit: Callable[..., Desk]) -> None:
    desk = sit("walidata", at="/acuan/")
    page = desk.page
    page.get_by_role("link", name="Aturan validasi").click()
    desk.look("65-aturan")
    page.locator("a", has_text="perubahan dari periode sebelumnya").click()
    desk.look("66-aturan-baru")
    page.get_by_label("Bagian (0,5 berarti 50 %)").fill("500")
    page.get_by_label("Dasar", exact=False).first.fill("Kesepakatan forum data")
    page.get_by_label("Alasan perubahan ini").fill("Dicoba dulu")
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_selector(".field-errors")
    desk.open("/acuan/jadwal/")
    desk.look("67-jadwal")
    page.get_by_role("link", name="Tarik seri yang sudah waktunya").click()
    desk.look("68-jadwal-ubah")
    desk.open("/mutu-data/")
    desk.look("69-mutu-data")
    desk.open("/laporan/nilai/")
    page.locator("td.title-cell a").first.click()
    page.wait_for_selector("text=Laporan dan angka resmi")
    desk.look("70-nilai")
