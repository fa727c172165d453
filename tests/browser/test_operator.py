"""The operator's way: register, report beside a figure that the worker pulled, log a package with its declaration."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from kaltim_portal.demo_data.people import DEMO_PASSWORD
from tests.browser.conftest import OF_THE_WORKER, Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]
SERIES = "Angka Partisipasi Sekolah usia 16-18 tahun (data contoh)"
NAME = f"Beasiswa anak pedalaman {dt.datetime.now(tz=dt.UTC):%H%M%S}"


def test_from_the_need_to_the_announcement(sit: Callable[[str], Desk]) -> None:
    pull_with_the_worker(sit)
    desk = sit("operator")
    desk.look("01-tugas")
    register(desk)
    report_address = report(desk)
    head = sit("kepala")
    return_and_approve(desk, head, report_address)
    log_package(desk, head, sit)


def pull_with_the_worker(sit: Callable[[str], Desk]) -> None:
    desk = sit("walidata")
    page = desk.page
    desk.open("/acuan/")
    desk.look("02-data-acuan")
    page.get_by_role("link", name=SERIES).click()
    page.get_by_role("button", name="Tarik sekarang").click()
    # The worker has done it, and the page has noticed by itself.
    page.get_by_role("link", name="Ke angka").wait_for(timeout=OF_THE_WORKER)
    expect(page.locator("#progress")).to_contain_text("66 tetap")
    desk.look("03-penarikan")
    page.get_by_role("link", name="Ke angka").click()
    desk.look("04-seri")


def register(desk: Desk) -> None:
    page = desk.page
    desk.open("/")
    page.get_by_role("link", name="Program baru").click()
    page.get_by_label("Cari kode nomenklatur").fill("pengelolaan pendidikan")
    page.locator(".code-choice", has_text="1.01.02").first.click()
    page.get_by_label("Nama program").fill(NAME)
    page.get_by_label("Layanan SPM").select_option(index=1)
    page.get_by_label("Pernyataan masalah").fill("Anak usia sekolah di hulu Mahakam berhenti sekolah karena jarak.")
    page.locator("#id_evidence_series").select_option(label=SERIES)
    page.locator(".rank-list").wait_for()  # the figure, its change and the ranking of the regions show at once
    page.get_by_label("Kelompok sasaran").fill("Anak usia 16–18 tahun")
    page.get_by_label("Jumlah penerima").fill("1.200")
    page.get_by_label("Anggaran (Rp)").fill("1.250.000.000")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator(".alert-danger")).to_contain_text("sedikitnya satu kabupaten/kota")
    desk.look("05-program-salah")
    page.get_by_label("Kabupaten Mahakam Ulu").check()
    page.get_by_label("Kota Samarinda").check()
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.get_by_label("Indikator *").fill("Angka partisipasi sekolah")
    page.get_by_label("Tingkat").select_option("outcome")
    page.get_by_label("Satuan").select_option(label="Persen")
    page.get_by_label("Data dasar").fill("83,1")
    page.get_by_role("textbox", name="Target", exact=True).fill("86,5")
    page.get_by_label("Seri acuan").select_option(label=SERIES)
    page.get_by_label("Dilaporkan per kabupaten/kota").check()
    desk.look("06-indikator")
    page.get_by_role("button", name="Simpan dan daftarkan").click()
    page.locator("#notices", has_text="Program terdaftar.").wait_for()
    desk.look("07-program")


def report(desk: Desk) -> str:
    page = desk.page
    page.get_by_role("button", name="Mulai laporan").first.click()
    values = page.locator("input[name^='value-']")
    verdicts = page.locator("[id^='verdict-']")
    values.first.wait_for()
    expect(values).to_have_count(2)
    values.nth(0).press_sequentially("5,5")
    verdicts.nth(0).locator(".state", has_text="menyimpang").wait_for()
    shown = verdicts.nth(0).inner_text()
    assert "Angka resmi" in shown and "WITA" in shown and "data contoh" in shown.lower()
    official = verdicts.nth(1).locator("strong").inner_text().split()[0]
    values.nth(1).fill(official)
    verdicts.nth(1).locator(".state", has_text="sesuai").wait_for()
    desk.look("08-laporan")
    page.get_by_role("button", name="Simpan dan kirim").click()
    page.get_by_text("belum terkirim").wait_for()
    page.locator("textarea[name^='reason-']").nth(0).fill("Pendataan ulang di tiga kecamatan, berita acara terlampir.")
    address = page.url
    page.get_by_role("button", name="Simpan dan kirim").click()
    page.locator("#notices", has_text="Laporan dikirim kepada kepala OPD").wait_for()
    return str(address)


def return_and_approve(desk: Desk, head: Desk, address: str) -> None:
    head.page.goto(address)
    head.look("09-putusan")
    head.page.locator(".row-comment").first.fill("Angka ini dari mana?")
    head.page.get_by_label("Komentar", exact=True).fill("Lampirkan rincian per kecamatan.")
    head.page.get_by_role("button", name="Kembalikan").click()
    head.page.locator("#notices", has_text="dikembalikan kepada operator").wait_for()
    desk.open("/")
    desk.page.get_by_role("link", name=NAME).first.click()
    desk.page.get_by_text("Lampirkan rincian per kecamatan.").first.wait_for()
    desk.page.locator("form .finding", has_text="Angka ini dari mana?").wait_for()  # beside the field it concerns
    desk.page.get_by_role("button", name="Simpan dan kirim").click()
    desk.page.locator("#notices", has_text="Laporan dikirim kepada kepala OPD").wait_for()
    head.page.goto(address)
    head.page.get_by_role("button", name="Setujui").click()
    head.page.locator("#notices", has_text="Laporan disetujui.").wait_for()


def log_package(desk: Desk, head: Desk, sit: Callable[[str], Desk]) -> None:
    page = desk.page
    desk.open("/pengadaan/baru/")
    page.get_by_label("Kode RUP").fill(f"{dt.datetime.now(tz=dt.UTC):%d%H%M%S}")
    page.get_by_label("Nama paket").fill("Pengadaan alat peraga sekolah jauh")
    page.get_by_label("Jenis").select_option("goods")
    page.get_by_label("Metode").select_option("tender")
    page.get_by_label("pagu (Rp)").fill("1.500.000.000")
    page.get_by_label("HPS, Rp").fill("1.450.000.000")
    desk.look("10-paket-baru")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_label("Nama pejabat").select_option(label="Hendra Saputra")
    page.get_by_role("button", name="Tugaskan").click()
    page.get_by_role("button", name="Jadikan diumumkan").click()
    page.get_by_text("Langkah itu belum dapat dilakukan").wait_for()
    package = page.url.replace("langkah/", "")
    official = sit("ppk")
    official.page.goto(package)
    official.page.get_by_role("link", name="Buat pernyataan").click()
    official.page.get_by_label("Saya tidak memiliki benturan kepentingan").check()
    official.page.get_by_label("Pernyataan ini saya buat dengan sebenarnya").check()
    official.page.get_by_label("Tanda tangan").fill(DEMO_PASSWORD)
    official.look("11-pernyataan")
    official.page.get_by_role("button", name="Buat pernyataan").click()
    official.page.locator("#notices", has_text="Pernyataan tersimpan").wait_for()
    head.page.goto(package)
    head.page.locator("tbody a").first.click()
    head.page.get_by_label("Putusan").select_option("no_conflict")
    head.page.get_by_label("Alasan").fill("Tidak ditemukan hubungan dengan calon penyedia.")
    head.look("12-putusan-pernyataan")
    head.page.get_by_role("button", name="Putuskan").click()
    head.page.locator("#notices", has_text="Putusan tersimpan").wait_for()
    page.goto(package)
    page.get_by_text("paket dapat diumumkan").wait_for()
    desk.look("13-paket")
    page.get_by_role("button", name="Jadikan diumumkan").click()
    page.locator("#notices", has_text="Status paket sekarang: diumumkan").wait_for()
