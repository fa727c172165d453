"""The line is cut at the start, in mid-save, for long; the shell stays small; signing out leaves nothing behind."""

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.test_entry import LAST_MONTH, fresh, nothing_waits, spent
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.stack]
LARGEST_SHELL = 200_000  # bytes as they travel
KEPT = "caches.keys().then((names) => names.filter((name) => name.startsWith('halaman-')).length)"


@pytest.fixture
def desk(sit: Callable[..., Desk]) -> Desk:
    """An operator who keeps what is due on this device."""
    found = sit("operator", service_workers="allow")
    found.page.get_by_label(re.compile("tanpa sambungan")).check()
    found.page.get_by_text("Halaman yang disimpan di perangkat ini:").wait_for()
    return found


def cut_off(desk: Desk, is_off: bool) -> None:
    desk.page.context.set_offline(is_off)
    desk.said.clear()


def test_the_grid_opens_without_a_line_and_sends_when_it_is_back(desk: Desk) -> None:
    page: Any = desk.page
    address, text = f"{desk.portal.address}/isian/{LAST_MONTH}/", fresh(21)
    page.goto(address)
    spent(page).first.wait_for()
    page.goto(f"{desk.portal.address}/")
    page.get_by_text("Halaman yang disimpan di perangkat ini:").wait_for()
    cut_off(desk, True)
    page.goto(address)
    spent(page).nth(1).fill(text)
    page.locator("[data-grid-status].is-problem", has_text="disimpan di perangkat ini").wait_for()
    page.reload()
    expect(spent(page).nth(1)).to_have_value(text)
    page.goto(f"{desk.portal.address}/pengadaan/")
    page.get_by_role("heading", name="Tanpa sambungan", exact=True).wait_for()
    page.get_by_role("link", name=re.compile("Isian")).first.click()
    expect(spent(page).nth(1)).to_have_value(text)
    page.context.clear_cookies(name="csrftoken")  # as after a day: the kept page's token is nobody's any more
    cut_off(desk, False)
    nothing_waits(page)
    page.goto(address)
    expect(spent(page).nth(1)).to_have_value(text)
    page.goto(f"{desk.portal.address}/")
    page.locator("summary", has_text="Menu akun").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_load_state()
    until(lambda: page.evaluate(KEPT) == 0)


def test_a_month_of_spm_opens_without_a_line_and_is_sent_when_it_is_back(desk: Desk) -> None:
    page: Any = desk.page
    page.goto(f"{desk.portal.address}/spm/isian/")
    month = page.locator("ul.tasks").first.locator("a").nth(1)  # the newest belongs to another walk
    address = f"{desk.portal.address}{month.get_attribute('href')}"
    cut_off(desk, True)
    page.goto(address)
    served, reason = page.locator("input[id$='-served']").last, page.locator("textarea[id$='-unserved_reason']").last
    before, text = page.locator("input[id$='-must_be_served']").last.input_value(), f"Pindah ke hulu {fresh(1)}"
    less = str(int(before.replace(".", "")) - 1)
    served.fill(less)
    reason.fill(text)
    page.locator(".draft-note", has_text="tersimpan di peramban ini").wait_for()
    page.goto(f"{desk.portal.address}/pengadaan/")
    page.locator(f"[data-offline-list] a[href='{address}']").click()
    expect(reason).to_have_value(text)
    page.get_by_role("button", name="Simpan bulan ini").click()
    page.context.clear_cookies(name="csrftoken")
    cut_off(desk, False)
    page.get_by_text("indeks dihitung ulang").wait_for()
    expect(reason).to_have_value(text)
    expect(page.locator(".draft-bar")).to_have_count(0)


def test_a_file_that_was_on_its_way_is_said_to_be_lost(desk: Desk) -> None:
    page: Any = desk.page
    page.goto(f"{desk.portal.address}/unggahan/")
    page.get_by_label("Berkas").set_input_files({"name": "rka.csv", "mimeType": "text/csv", "buffer": b"kode;nama"})
    cut_off(desk, True)
    send = "form => HTMLFormElement.prototype.submit.call(form)"  # cut when the browser has begun to send
    page.locator("main form[enctype='multipart/form-data']").first.evaluate(send)
    page.get_by_text("Berkas yang sedang dikirim tidak sampai").wait_for()
    page.goto(f"{desk.portal.address}/pengadaan/")
    page.get_by_role("heading", name="Tanpa sambungan", exact=True).wait_for()
    expect(page.get_by_text("Berkas yang sedang dikirim tidak sampai")).to_be_hidden()
    cut_off(desk, False)


def test_the_shell_is_small(desk: Desk) -> None:
    kept = desk.page.evaluate(
        "caches.keys().then((names) => caches.open(names.find((name) => name.startsWith('kulit-'))))"
        ".then((cache) => cache.keys()).then((keys) => keys.map((key) => key.url))"
    )
    assert len(kept) > 8
    size = sum(len(gzip.compress(desk.page.request.get(address).body())) for address in kept)
    assert size < LARGEST_SHELL, size
