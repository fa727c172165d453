"""Integrity in the browser: a declaration on a phone, from the offer to the contract, a lead reviewed, a file
verified."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kaltim_portal.demo_data.people import DEMO_PASSWORD
from kaltim_portal.stand_ins import esign
from tests.browser.conftest import NARROW, Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_a_declaration_on_a_phone(sit: Callable[..., Desk]) -> None:
    desk = sit("ppk")
    page = desk.page
    page.set_viewport_size({"width": NARROW, "height": 740})
    desk.open("/pernyataan/")
    page.locator("a[href='/pernyataan/tahunan/']").click()
    expect(page.get_by_label("Jenis kepentingan"), "only whoever has an interest sees its fields").to_be_hidden()
    page.get_by_label("Saya memiliki kepentingan berikut").check()
    page.get_by_label("Jenis kepentingan").select_option("family")
    page.get_by_label("Sifat").select_option("potential")
    page.get_by_label("Pihak").fill("CV Sungai Kunjang")
    page.get_by_label("Hubungan").fill("Adik kandung menjadi direktur")
    page.get_by_label("Pernyataan ini saya buat dengan sebenarnya").check()
    page.get_by_label("Tanda tangan").fill("bukan kata sandi saya")
    page.get_by_role("button", name="Buat pernyataan").click()
    page.get_by_text("Kata sandi salah").first.wait_for()
    expect(page.get_by_label("Pihak"), "nothing that was typed is lost").to_have_value("CV Sungai Kunjang")
    desk.look("34-pernyataan-ponsel")
    page.set_viewport_size({"width": NARROW, "height": 740})
    page.get_by_label("Tanda tangan").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Buat pernyataan").click()
    page.locator("#notices", has_text="Pernyataan tersimpan").wait_for()
    page.get_by_text("dinyatakan").first.wait_for()
    head = sit("kepala", at="/pernyataan/")
    head.page.get_by_role("link", name="Putuskan: Hendra Saputra").first.click()
    head.page.get_by_text("CV Sungai Kunjang").wait_for()
    head.look("35-pernyataan-tahunan")


def test_from_the_offer_to_the_contract(sit: Callable[..., Desk]) -> None:
    number = f"{dt.datetime.now(tz=dt.UTC):%d%H%M%S}"  # the portal of these tests may have seen an earlier run
    name = f"PT Uji Mahakam {number}"
    desk = sit("operator", at="/penyedia/baru/")
    page = desk.page
    page.get_by_label("Nama").first.fill(name)
    page.get_by_label("NPWP").first.fill(f"0122233{number}")
    page.get_by_role("button", name="Simpan").last.click()
    page.get_by_role("heading", name=name).wait_for()
    desk.look("36-penyedia")
    desk.open("/pengadaan/?state=announced")
    page.locator(".title-cell a").first.click()
    page.get_by_role("link", name="Catat penawaran dan kontrak").click()
    offer = page.locator("#penawaran")
    offer.get_by_label("Penyedia").press_sequentially(f"mahakam {number}")
    page.locator("#supplier-names option").first.wait_for(state="attached")
    expect(page.locator("#supplier-names option").first).to_have_attribute("value", name)
    offer.get_by_label("Penyedia").fill(name)
    offer.get_by_label("Ditawar (Rp)").fill("150.000.000")
    offer.get_by_label("Status").select_option("valid")
    offer.get_by_role("button", name="Simpan penawaran").click()
    page.locator("#notices", has_text="Penawaran disimpan").wait_for()
    page.get_by_role("combobox", name="Pemenang").fill(name)
    page.get_by_role("button", name="Simpan pemenang").click()
    page.locator("#notices", has_text="Pemenang disimpan").wait_for()
    contract = page.locator("#kontrak")
    contract.get_by_label("Penyedia").fill(name)
    contract.get_by_label("Nomor").fill(f"027/{number}")
    contract.get_by_label("Nilai (Rp)").fill("150.000.000")
    contract.get_by_role("button", name="Simpan kontrak").click()
    page.get_by_text("Bagian ini wajib diisi").or_(page.locator(".field-errors")).first.wait_for()
    contract.get_by_label("Ditandatangani pada").fill("2026-11-20")
    contract.get_by_role("button", name="Simpan kontrak").click()
    page.locator("#notices", has_text="Kontrak disimpan").wait_for()
    page.get_by_text("berkontrak").first.wait_for()
    desk.look("19-kontrak")


def test_a_lead_is_reviewed(sit: Callable[..., Desk]) -> None:
    desk = sit("auditor", at="/petunjuk/")
    page = desk.page
    page.locator(".title-cell a").first.click()
    page.locator("svg.network").wait_for()
    # The lines are links that the keyboard reaches; the table below says the same.
    page.locator("svg.network a").first.focus()
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("."))
    page.get_by_label("Hasil tinjauan").select_option("confirmed")
    page.get_by_label("Temuan").fill("Akta pendirian menyebut orang yang sama.")
    page.get_by_role("button", name="Simpan temuan").click()
    page.locator("#notices", has_text="Temuan Anda tersimpan").wait_for()
    desk.look("32-petunjuk")
    desk.open("/bendera/")
    desk.look("31-bendera")


def test_a_file_and_a_changed_copy(sit: Callable[..., Desk], tmp_path: Path) -> None:
    desk = sit("auditor", at="/audit/pengadaan/?method=tender")
    page = desk.page
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Kertas kerja (PDF)").or_(
            page.get_by_role("button", name="Unduh CSV")
        ).last.click()
    issued = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(issued)
    changed = tmp_path / "diubah"
    changed.write_bytes(issued.read_bytes() + b"\n")
    desk.open("/verifikasi/")
    page.get_by_label("Berkas").first.set_input_files(issued)
    page.get_by_role("button", name="Verifikasi").click()
    page.get_by_text(issued.name).wait_for()
    desk.look("33-verifikasi")
    page.get_by_label("Berkas").first.set_input_files(changed)
    page.get_by_role("button", name="Verifikasi").click()
    page.get_by_text("Portal tidak pernah menerbitkan berkas ini").wait_for()


def test_a_paper_signed_electronically(sit: Callable[..., Desk], tmp_path: Path) -> None:
    desk = sit("gubernur", at="/rapat/")
    page = desk.page
    page.get_by_role("button", name="Buat bahan rapat sekarang").click()
    page.get_by_role("button", name="Tanda tangani secara elektronik").click()
    page.get_by_role("heading", name="Bahan rapat mingguan").wait_for()
    desk.look("90-tanda-tangan")
    page.get_by_label("Frasa sandi").fill("bukan frasa saya")
    page.get_by_role("button", name="Tanda tangani").click()
    page.get_by_text("Passphrase anda salah").wait_for()
    desk.look("91-tanda-tangan-ditolak")
    page.get_by_label("Frasa sandi").fill(esign.PASSPHRASE)
    page.get_by_role("button", name="Coba lagi").click()
    page.get_by_text("Ditandatangani dengan sertifikat BAGUS WICAKSONO").wait_for()
    desk.look("92-bertanda-tangan")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF bertanda tangan").click()
    file = tmp_path / "signed.pdf"
    download.value.save_as(file)
    page.locator(".alert a", has_text="Halaman publik").click()
    page.get_by_text("Ditandatangani dengan sertifikat BAGUS WICAKSONO").wait_for()
    desk.look("93-tanda-tangan-publik")
    desk.open("/verifikasi/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Verifikasi").click()
    page.locator(".state-good", has_text="berlaku").wait_for()
    desk.look("94-periksa-tanda-tangan")
