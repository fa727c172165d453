"""Nothing typed is lost: whatever ends the session, the line or the tab, every word stands in its form again."""

import os
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from kaltim_portal.demo_data.people import DEMO_PASSWORD
from tests.browser.conftest import OF_THE_PAGE, Desk
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.stack]
ROUNDS = 50
WHO = "operator.dinkes"  # whose first page no other walk reads
WORDS = [
    "sungai",
    "hulu",
    "ladang",
    "jembatan",
    "sekolah",
    "guru",
    "perahu",
    "banjir",
    "dermaga",
    "kelapa",
    "lamin",
    "tenun",
    "rotan",
    "padi",
    "air",
]
# Forms, and of each what is typed into: another kind of page each time.
FORMS = {
    "/program/baru/": ("name", "problem_statement", "target_group"),
    "/pengadaan/baru/": ("name",),
    "/layanan/baru/": ("name", "product", "users"),
    "/data-pribadi/": ("text",),
}


class Typist:
    """One person with one browser, and what they have typed so far."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk = desk
        self.page = desk.page
        self.context = desk.page.context
        self.chance = chance
        self.typed: dict[str, dict[str, str]] = {}
        self.page.on("dialog", lambda dialog: dialog.accept())

    def field(self, name: str) -> Any:
        return self.page.locator(f"main form[method=post] [name={name}]").first

    def open(self, address: str) -> None:
        """As somebody does: the page, by way of the sign-in where that is asked."""
        self.desk.open(address)
        if "/masuk/" in self.page.url:
            self.page.get_by_label("Nama pengguna").fill(WHO)
            self.page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
            self.page.get_by_role("button", name="Masuk", exact=True).click()
            self.page.wait_for_url(f"**{address}")

    def finds_every_word(self, address: str) -> None:
        for name, text in self.typed.get(address, {}).items():
            expect(self.field(name)).to_have_value(text)

    def types(self, address: str) -> None:
        names = [name for name in FORMS[address] if self.field(name).count()]
        name = self.chance.choice(names)
        text = " ".join(self.chance.sample(WORDS, 3))
        self.field(name).fill(text)
        self.typed.setdefault(address, {})[name] = text

    # -- what happens ----------------------------------------------------------------------------------------------
    def the_session_ends(self) -> None:
        self.context.clear_cookies(name="sessionid")

    def the_session_ends_at_the_sending(self) -> None:
        self.the_session_ends()
        with self.page.expect_navigation():
            self.page.locator("main form[method=post]").first.evaluate("form => form.requestSubmit()")

    def the_line_drops(self) -> None:
        self.context.set_offline(True)
        self.types_on()
        self.context.set_offline(False)

    def types_on(self) -> None:
        self.types(self.address)

    def the_tab_is_closed(self) -> None:
        page = self.context.new_page()
        page.set_default_timeout(OF_THE_PAGE)
        self.page.close(run_before_unload=False)
        self.page = self.desk.page = page
        page.on("dialog", lambda dialog: dialog.accept())

    def back_is_pressed(self) -> None:
        self.desk.open("/")

    def the_year_is_switched(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("#workspace-year").select_option(index=self.chance.choice([1, 2]))

    def one_round(self, address: str) -> None:
        self.address = address
        self.open(address)
        self.finds_every_word(address)
        self.types(address)
        if self.chance.random() < 0.5:
            self.page.wait_for_timeout(self.chance.choice([50, 400, 900]))
        self.chance.choice(
            [
                self.the_session_ends,
                self.the_session_ends_at_the_sending,
                self.the_line_drops,
                self.the_tab_is_closed,
                self.back_is_pressed,
                self.the_year_is_switched,
            ]
        )()


def test_every_word_comes_back(sit: Callable[[str], Desk]) -> None:
    seed = int(os.environ.get("DRAFTS_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"DRAFTS_SEED={seed}")  # noqa: T201 (to walk the same way again)
    chance = random.Random(seed)
    typist = Typist(sit(WHO), chance)
    for _round in range(ROUNDS):
        typist.one_round(chance.choice(list(FORMS)))
    for address in FORMS:
        typist.open(address)
        typist.finds_every_word(address)
        typist.page.get_by_role("button", name="Buang konsep").first.click()
        expect(typist.page.locator(".draft-bar")).to_have_count(0)


def test_on_another_device_and_in_the_list(sit: Callable[[str], Desk]) -> None:
    desk = sit("ppk")
    desk.open("/program/baru/")
    desk.page.get_by_label("Nama program").fill("Perahu sekolah hulu")
    desk.page.get_by_text("Konsep tersimpan").wait_for()
    there = sit("ppk")
    there.open("/program/baru/")
    expect(there.page.get_by_label("Nama program")).to_have_value("Perahu sekolah hulu")
    there.page.get_by_text("dipulihkan").wait_for()
    there.look("90-konsep-dipulihkan")
    there.open("/")
    there.page.locator("#konsep").get_by_text("Program baru").wait_for()
    there.look("91-daftar-konsep")
    there.page.locator("#konsep").get_by_role("link", name="Yang diketik: Program baru").click()
    there.page.get_by_text("Perahu sekolah hulu").wait_for()
    there.look("92-isi-konsep")
    there.page.get_by_role("button", name="Buang konsep").click()
    there.page.locator("#notices", has_text="Konsep dibuang").wait_for()
    there.open("/program/baru/")
    expect(there.page.get_by_label("Nama program")).to_have_value("")


def test_signing_out_at_once_keeps_it_at_the_portal_and_leaves_nothing_here(sit: Callable[[str], Desk]) -> None:
    desk = sit("kepala")
    page = desk.page
    desk.open("/data-pribadi/")
    page.locator("main form[method=post] [name=text]").first.fill("Mohon perbaikan nama")
    page.locator("details.popover-menu summary").last.click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk/**")
    kept = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))")
    assert kept == []
    again = sit("kepala")
    again.open("/data-pribadi/")
    expect(again.page.locator("main form[method=post] [name=text]").first).to_have_value("Mohon perbaikan nama")
    again.page.get_by_role("button", name="Buang konsep").click()
    again.page.locator(".draft-bar").wait_for(state="detached")


def test_signing_out_without_a_line_asks_and_keeps(sit: Callable[[str], Desk]) -> None:
    """What the portal has not got is not thrown away unasked, be the whole line down or only its door for drafts."""
    desk = sit("kepala")
    page = desk.page
    desk.open("/data-pribadi/")
    text = page.locator("main form[method=post] [name=text]").first
    page.route("**/konsep/**", lambda route: route.abort())
    text.fill("Mohon salinan data")
    sign_out = page.get_by_role("button", name="Keluar", exact=True)
    page.locator("details.popover-menu summary").last.click()
    sign_out.click()
    question = page.get_by_role("alertdialog")
    question.get_by_text("Belum semua yang Anda ketik sampai di portal").wait_for()
    question.get_by_role("button", name="Tetap masuk").click()
    question.wait_for(state="detached")
    page.locator("details.popover-menu summary").last.click()
    sign_out.click()
    question.get_by_role("button", name="Keluar, simpan di peramban ini").click()
    page.wait_for_url("**/masuk/**")
    until(lambda: "Mohon salinan data" in page.evaluate("JSON.stringify(localStorage)"))
    page.unroute("**/konsep/**")
    page.evaluate("localStorage.clear()")


def test_a_removed_row_takes_its_words_along(sit: Callable[[str], Desk]) -> None:
    desk = sit("operator")
    page = desk.page
    page.on("dialog", lambda dialog: dialog.accept())
    desk.open("/program/1/indikator/")
    names = page.locator("main form[method=post] [name$='-name']")
    count = names.count()
    for each in range(3):
        page.get_by_role("button", name="Tambah indikator").click()
        expect(names).to_have_count(count + each + 1)
        names.nth(count + each).fill(f"Tambahan {each}")
        page.locator(".draft-note", has_text="Konsep tersimpan").wait_for()
    page.get_by_role("button", name="Hapus baris ini").nth(1).click()
    expect(names).to_have_count(count + 2)
    for each, text in enumerate(["Tambahan 0", "Tambahan 2"]):
        expect(names.nth(count + each)).to_have_value(text)
    expect(page.get_by_text("tidak ada yang ditimpa")).to_have_count(0)
    page.locator(".draft-note", has_text="Konsep tersimpan").wait_for()
    page.close()
    again = sit("operator")
    again.open("/program/1/indikator/")
    names = again.page.locator("main form[method=post] [name$='-name']")
    expect(names).to_have_count(count + 2)
    for each, text in enumerate(["Tambahan 0", "Tambahan 2"]):
        expect(names.nth(count + each)).to_have_value(text)
    again.page.get_by_role("button", name="Buang konsep").click()
    again.page.locator(".draft-bar").wait_for(state="detached")


def test_words_typed_before_the_script_is_there_are_kept(sit: Callable[[str], Desk]) -> None:
    """As on a slow line: the form stands there long before the last script."""
    desk = sit("kepala")
    page, text = desk.page, f"Ketikan dini {time.time_ns()}"
    scripts: list[Any] = []

    def hold(route: Any) -> None:
        scripts.append(route)

    page.route("**/drafts*.js", hold)
    page.goto(f"{desk.portal.address}/data-pribadi/", wait_until="commit")
    field = page.locator("main form[method=post] [name=text]").first
    field.fill(text)
    until(lambda: page.evaluate("1") and scripts)
    scripts[0].continue_()
    page.get_by_text("Konsep tersimpan").wait_for()
    again = sit("kepala")
    again.open("/data-pribadi/")
    expect(again.page.locator("main form[method=post] [name=text]").first).to_have_value(text)
    again.page.get_by_role("button", name="Buang konsep").click()
    again.page.locator(".draft-bar").wait_for(state="detached")


def test_a_form_that_was_put_anew_in_its_place_counts_on(sit: Callable[[str], Desk]) -> None:
    desk = sit("kepala")
    page = desk.page
    desk.open("/data-pribadi/")
    field = page.locator("main form[method=post] [name=text]").first
    field.press_sequentially("Mohon salinan")
    page.get_by_text("Konsep tersimpan").wait_for()
    page.evaluate(
        """() => {
          const form = document.querySelector("main form[method=post]:has([name=text])");
          form.replaceWith(form.cloneNode(true));
          document.querySelector("main form[method=post] .draft-note").remove();
          document.body.dispatchEvent(new Event("htmx:afterSettle"));
        }"""
    )
    field.press("End")
    field.press_sequentially("!")
    page.get_by_text("Konsep tersimpan").wait_for()
    again = sit("kepala")
    again.open("/data-pribadi/")
    expect(again.page.locator("main form[method=post] [name=text]").first).to_have_value("Mohon salinan!")
    again.page.get_by_role("button", name="Buang konsep").click()
    again.page.locator(".draft-bar").wait_for(state="detached")


def test_a_tab_that_sends_the_form_leaves_what_another_has_typed(sit: Callable[[str], Desk]) -> None:
    """Also where the other one never got through to the portal: each tab keeps a copy of its own."""
    desk = sit("kepala")
    one = desk.page
    desk.open("/data-pribadi/")
    two, three = one.context.new_page(), one.context.new_page()
    field = "main form[method=post] [name=text]"
    for page in (two, three):
        page.goto(one.url)
        page.locator(field).first.wait_for()
    two.locator(field).first.fill("Kalimat panjang di tab dua")
    two.get_by_text("Konsep tersimpan").wait_for()
    three.route("**/konsep/**", lambda route: route.abort())
    three.locator(field).first.fill("Kalimat tab tiga tanpa sambungan")
    three.get_by_text("Sambungan terputus").wait_for()
    one.locator("main form[method=post] [name=kind]").first.select_option(index=1)
    one.locator(field).first.fill("Mohon salinan")
    one.locator("main").get_by_role("button", name="Kirim", exact=True).first.click()
    one.locator("#notices", has_text="Permintaan").wait_for()
    for page in (two, three):
        page.on("dialog", lambda dialog: dialog.accept())
        page.close()
    desk.open("/data-pribadi/")
    one.locator(".draft-bar").wait_for()
    said = one.locator(field).first.input_value() + one.locator(".draft-bar").inner_text()
    assert "Kalimat panjang di tab dua" in said
    assert "Kalimat tab tiga tanpa sambungan" in said
    one.get_by_role("button", name="Buang konsep").click()
    one.locator(".draft-bar").wait_for(state="detached")


def test_what_a_session_left_behind_waits_for_its_person(sit: Callable[[str], Desk]) -> None:
    desk = sit("kepala")
    page = desk.page
    page.evaluate("localStorage.setItem('draft:0:mark:abc', '{}')")  # of somebody whose session ended here
    page.locator("details.popover-menu summary").last.click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk/**")
    left = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))")
    assert left == ["draft:0:mark:abc"]


def test_added_rows_come_back(sit: Callable[[str], Desk]) -> None:
    desk = sit("operator")
    page = desk.page
    page.on("dialog", lambda dialog: dialog.accept())
    address = "/program/1/indikator/"
    desk.open(address)
    names = page.locator("main form[method=post] [name$='-name']")
    count = names.count()
    for each in (1, 2):
        page.get_by_role("button", name="Tambah indikator").click()
        expect(names).to_have_count(count + each)
        names.nth(count + each - 1).fill(f"Indikator baru {each}")
        page.get_by_text("Konsep tersimpan").wait_for()
    desk.open("/")
    desk.open(address)
    expect(names).to_have_count(count + 2)
    expect(names.nth(count)).to_have_value("Indikator baru 1")
    expect(names.nth(count + 1)).to_have_value("Indikator baru 2")
    page.get_by_role("button", name="Buang konsep").click()


def test_what_somebody_else_has_saved_is_not_overwritten(sit: Callable[[str], Desk]) -> None:
    desk, colleague = sit("operator"), sit("ppk")
    desk.open("/pengadaan/?state=planned")
    desk.page.locator(".title-cell a").first.click()
    desk.page.get_by_role("link", name="Ubah").first.click()
    address = desk.page.url.removeprefix(desk.portal.address)
    desk.page.get_by_label("Nama paket").fill("Perahu menurut saya")
    desk.page.get_by_text("Konsep tersimpan").wait_for()
    colleague.open(address)
    before = colleague.page.get_by_label("Nama paket").input_value()
    colleague.page.get_by_label("Nama paket").fill("Perahu menurut rekan")
    colleague.page.get_by_role("button", name="Simpan").last.click()
    colleague.page.locator("#notices", has_text="Paket tersimpan").wait_for()
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.open(address)
    bar = desk.page.locator(".draft-bar")
    expect(bar).to_contain_text("Perahu menurut rekan")
    expect(bar).to_contain_text("Perahu menurut saya")
    expect(desk.page.get_by_label("Nama paket")).to_have_value("Perahu menurut rekan")
    desk.look("93-konsep-dan-yang-tersimpan")
    bar.get_by_role("button", name="Pakai konsep saya").click()
    expect(desk.page.get_by_label("Nama paket")).to_have_value("Perahu menurut saya")
    desk.page.get_by_label("Nama paket").fill(before)
    desk.page.get_by_role("button", name="Simpan").last.click()
    desk.page.locator("#notices", has_text="Paket tersimpan").wait_for()
    desk.open(address)
    expect(desk.page.locator(".draft-bar")).to_have_count(0)


def test_a_file_on_the_same_page_takes_nothing_with_it(sit: Callable[[str], Desk]) -> None:
    desk = sit("operator")
    page = desk.page
    page.get_by_role("link", name="Perbaiki").first.click()
    field = page.locator("textarea[name^=reason-]").first
    text = f"{field.input_value()} Dua sekolah belum melapor."
    field.fill(text)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "bukti.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"1 0 obj <<>> endobj\n" * 20}
    )
    page.get_by_role("button", name="Lampirkan").first.click()
    page.get_by_text("bukti.pdf").first.wait_for()
    expect(page.locator("textarea[name^=reason-]").first).to_have_value(text)
    page.get_by_role("button", name="Buang konsep").click()
    page.get_by_role("button", name="Lepas bukti.pdf").click()


def test_it_is_said_before_the_session_is_locked(sit: Callable[[str], Desk]) -> None:
    desk = sit("operator")
    page = desk.page
    page.clock.install()
    desk.open("/program/")
    page.clock.fast_forward("24:00")
    expect(page.get_by_text("Sesi Anda terkunci pukul")).to_have_count(0)
    page.clock.fast_forward("02:00")
    page.get_by_text("Sesi Anda terkunci pukul").wait_for()
    page.get_by_role("button", name="Tetap bekerja").click()
    expect(page.get_by_text("Sesi Anda terkunci pukul")).to_have_count(0)


def test_a_choice_that_a_search_brings_is_chosen_again(sit: Callable[[str], Desk]) -> None:
    """The codes of a form come with the search, and its own code goes when another one is searched for."""
    desk = sit(WHO)
    page = desk.page
    page.goto(f"{desk.portal.address}/program/")
    page.locator("main td.title-cell a").first.click()
    page.get_by_role("link", name="Ubah program").click()
    codes, words = page.locator("#codes input"), page.locator("#nomenclature-search")
    own = codes.first.input_value()
    words.press_sequentially(".".join(page.locator("#codes code").first.inner_text().split(".")[:2]), delay=20)
    other = page.locator(f"#codes input:not([value='{own}'])").first
    other.check()
    chosen = other.input_value()
    page.locator(".draft-note", has_text="Konsep tersimpan").wait_for()
    page.reload()
    page.locator(f"#codes input[value='{chosen}']:checked").wait_for()
    expect(page.locator(".draft-bar")).not_to_contain_text("sudah berubah")
    page.get_by_role("button", name="Buang konsep").click()


def test_what_is_pasted_is_never_cut(sit: Callable[[str], Desk]) -> None:
    """A browser cuts it at the field's length without a word."""
    desk = sit(WHO)
    page = desk.page
    desk.open("/pengadaan/baru/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    field, text = page.locator("[name=name]"), "kata " * 200
    field.focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")
    expect(field).to_have_value(text)
    note = page.locator("p[role=status]", has_text="Terlalu panjang untuk isian ini")
    expect(note).to_contain_text("1.000/")
    field.fill("Kapal sekolah")
    expect(note).to_have_count(0)
    page.locator(".draft-note", has_text="Konsep tersimpan").wait_for()
    page.reload()
    page.get_by_role("button", name="Buang konsep").click()
