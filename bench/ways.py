"""The three main ways, walked in a browser that counts what hands do: an OPD's month, a month of SPM, from the need to
the announced package.

`before` is one form per row: fields below each other on a phone, without scripts, each tapped and typed; and a
programme that is typed whole. Seconds are the keystroke-level model's (Card, Moran, Newell 1980) for an average typist,
and what the portal lets wait.
"""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.figures import Figure
from bench.worlds import HOME, size_s

KEY, POINT, PRESS, CHANGE = 0.28, 1.1, 0.2, 0.4  # s: a key, the way to a target, the button, from keys to mouse or back
DESK, PHONE = {"width": 1366, "height": 800}, {"width": 360, "height": 800}
COLUMNS = ("planned_rupiah", "financial_rupiah", "physical_percent")


@dataclass
class Hands:
    """What was pressed, over all the people of a way."""

    keys: int = 0
    clicks: int = 0
    changes: int = 0
    waited: float = 0.0
    at_keys: bool = False
    began: float = 0.0

    def begin(self) -> None:
        self.began = time.monotonic()

    def end(self) -> None:
        self.waited = time.monotonic() - self.began

    def click(self, target: Any) -> None:
        self._at(keys=False)
        self.clicks += 1
        target.click()

    def pick(self, target: Any, **choice: Any) -> None:
        """Opened, and chosen from."""
        self._at(keys=False)
        self.clicks += 2
        target.select_option(**choice)

    def type(self, page: Any, text: str) -> None:
        self._at(keys=True)
        self.keys += len(text)
        page.keyboard.type(text)

    def press(self, page: Any, key: str) -> None:
        self._at(keys=True)
        self.keys += key.count("+") + 1
        page.keyboard.press(key)

    def fill(self, target: Any, text: str) -> None:
        self.click(target)
        if target.input_value():
            self.press(target.page, "Control+a")
        self.type(target.page, text)

    def _at(self, *, keys: bool) -> None:
        self.changes += keys != self.at_keys
        self.at_keys = keys

    @property
    def strokes(self) -> int:
        return self.keys + self.clicks

    @property
    def seconds(self) -> float:
        return self.keys * KEY + self.clicks * (POINT + PRESS) + self.changes * CHANGE + self.waited


class House:
    """The portal, and the browser in which people walk."""

    def __init__(self, address: str, browser: Any) -> None:
        self.address, self.browser = address, browser

    def sit(self, username: str, *, by_form: bool = False) -> Any:
        """A page of somebody who is signed in; `by_form`: on a phone, without scripts."""
        from kaltim_portal.demo_data.people import DEMO_PASSWORD

        context = self.browser.new_context(
            viewport=PHONE if by_form else DESK, java_script_enabled=not by_form, service_workers="block"
        )
        page = context.new_page()
        page.goto(f"{self.address}/masuk/")
        page.locator("[name=login]").fill(username)
        page.locator("[name=password]").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.get_by_role("heading", name="Tugas saya").wait_for()
        return page

    def open(self, page: Any, path: str) -> None:
        page.goto(f"{self.address}{path}")


def ways() -> Iterator[Figure]:
    with size_s(HOME / "ways", with_packages=False) as portal:
        portal.start_web()
        for name, way in WAYS.items():
            before, after = (_walked(portal.address, way, by_form) for by_form in (True, False))
            for suffix, unit, was, now in (
                ("_strokes", "keys_and_clicks", before.strokes, after.strokes),
                ("", "s", before.seconds, after.seconds),
            ):
                yield Figure(f"ways_{name}{suffix}_before", was, unit, "itself", 1.0)
                yield Figure(f"ways_{name}{suffix}", now, unit, "one_form_per_row", now / was)


def _walked(address: str, way: Callable[[House, Hands, bool], None], by_form: bool) -> Hands:
    """What a sheet was given is taken back, so that the next walk begins where this one did."""
    from playwright.sync_api import sync_playwright

    from tests.find_browser import find

    hands = Hands()
    with _as_it_was(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
        way(House(address, browser), hands, by_form)
        browser.close()
    return hands


@contextlib.contextmanager
def _as_it_was() -> Iterator[None]:
    from programs.models import Progress
    from spm.models import Achievement

    now, last = _months()
    Achievement.objects.filter(period=now).delete()
    before = list(Progress.objects.filter(report__period=last))
    yield
    Progress.objects.bulk_update(before, [*COLUMNS, "obstacle", "reason", "typed", "findings"])


def _months() -> list[Any]:
    """The month that runs, and the one before it."""
    from django.utils import timezone

    from core.periods import Period, PeriodKind

    now = Period.containing(timezone.localdate(), PeriodKind.MONTH)
    return [now, now.previous()]


# -- the sheets ----------------------------------------------------------------------------------------------------
def month(house: House, hands: Hands, by_form: bool) -> None:
    """Planned as in the month before, spent and done some more, of every sub-activity of the OPD."""
    page = house.sit("operator", by_form=by_form)
    house.open(page, f"/isian/{_months()[1]}/")
    last = _as_before(page)
    figures = {name: text for name, text in last.items() if name.endswith(COLUMNS)}
    for name, text in figures.items():
        if name.endswith("financial_rupiah"):
            figures[name] = str(int(text.replace(".", "")) + 1_250_000)
        elif name.endswith("physical_percent"):
            figures[name] = str(min(99, int(float(text.replace(",", ".")) + 4)))
    hands.begin()
    _enter(page, hands, figures, by_form)
    if by_form:
        hands.click(page.get_by_role("button", name="Simpan", exact=True))
        page.locator("main .alert-success").wait_for()
    else:
        page.locator("[data-grid-status]", has_text="Tersimpan pukul").wait_for()
    hands.end()


def spm_month(house: House, hands: Hands, by_form: bool) -> None:
    """A service of ten regions as in the month before, with one more person served in each."""
    page = house.sit("operator", by_form=by_form)
    house.open(page, "/spm/isian/")
    house.open(page, str(page.locator("ul.tasks").first.locator("a").first.get_attribute("href")))
    figures = _as_before(page)
    for name, text in figures.items():
        if name.endswith("-served"):
            must = int(figures[name.replace("-served", "-must_be_served")].replace(".", ""))
            figures[name] = str(min(must, int(text.replace(".", "")) + 1))
    hands.begin()
    _enter(page, hands, figures, by_form)
    hands.click(page.get_by_role("button", name="Simpan bulan ini"))
    page.get_by_text("indeks dihitung ulang").wait_for()
    hands.end()


def _as_before(page: Any) -> dict[str, str]:
    """Field → text of the month before, of the fields that can be filled in."""
    address = page.locator("form[data-sheet]").get_attribute("data-before-url")
    cells = page.request.get(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}{address}").json()["cells"]
    return {name: text for name, text in cells.items() if page.locator(f"[name='{name}']").count()}


def _enter(page: Any, hands: Hands, figures: dict[str, str], by_form: bool) -> None:
    """By form each field in turn; in the sheet the month before at once, then what differs, down the columns."""
    if not by_form:
        hands.click(page.locator("[data-sheet-before]"))
        page.get_by_text("Diisi seperti periode sebelumnya").wait_for()
    open_fields = {name: page.locator(f"[name='{name}']") for name in figures}
    wrong = [name for name, each in open_fields.items() if _plain(each.input_value()) != _plain(figures[name])]
    if by_form:
        for name in wrong:
            target, text = open_fields[name], figures[name]
            if not target.is_visible():
                hands.click(page.locator("tr", has=target).locator("summary"))
            hands.fill(target, _plain(text))
        return
    above = ""
    for name in sorted(wrong, key=lambda each: each.split("-")[-1]):
        if above == name.split("-")[-1]:
            hands.press(page, "ArrowDown")
        if not open_fields[name].evaluate("field => field === document.activeElement"):
            hands.click(open_fields[name])
        hands.type(page, _plain(figures[name]))
        above = name.split("-")[-1]
    hands.press(page, "Enter")


def _plain(text: str) -> str:
    """As people type a figure: without the dots between thousands."""
    return text.replace(".", "") if text.replace(".", "").replace(",", "").isdecimal() else text


# -- from the need to the announced package ------------------------------------------------------------------------
def need_to_package(house: House, hands: Hands, by_form: bool) -> None:
    """A programme, typed whole or made from one that is there; its package, the declaration, the decision on it."""
    page, official, head = (house.sit(name) for name in ("operator", "ppk", "kepala"))
    name = f"Beasiswa anak hulu {dt.datetime.now(tz=dt.UTC):%d%H%M%S}"
    house.open(page, "/")
    hands.begin()
    (_new_program if by_form else _duplicated_program)(hands, page, name)
    hands.click(page.get_by_role("button", name="Simpan dan daftarkan"))
    page.locator("#notices", has_text="Program terdaftar.").wait_for()
    package = _package(house, hands, page)
    _declare(house, hands, official, head, package)
    house.open(page, package)
    hands.click(page.get_by_role("button", name="Jadikan diumumkan"))
    page.locator("#notices", has_text="Status paket sekarang: diumumkan").wait_for()
    hands.end()


def _new_program(hands: Hands, page: Any, name: str) -> None:
    hands.click(page.get_by_role("link", name="Program baru"))
    hands.fill(page.get_by_label("Cari kode nomenklatur"), "pengelolaan pendidikan")
    hands.click(page.locator(".code-choice", has_text="1.01.02").first)
    hands.fill(page.get_by_label("Nama program"), name)
    hands.pick(page.get_by_label("Layanan SPM"), index=1)
    hands.fill(page.get_by_label("Pernyataan masalah"), "Anak usia sekolah di hulu berhenti sekolah karena jarak.")
    hands.pick(page.locator("#id_evidence_series"), index=1)
    hands.fill(page.get_by_label("Kelompok sasaran"), "Anak usia 16–18 tahun")
    hands.fill(page.get_by_label("Jumlah penerima"), "1200")
    hands.fill(page.get_by_label("Anggaran (Rp)"), "1250000000")
    for region in ("Kabupaten Mahakam Ulu", "Kota Samarinda"):
        hands.click(page.get_by_label(region))
    hands.click(page.get_by_role("button", name="Simpan dan lanjut"))
    hands.fill(page.get_by_label("Indikator *"), "Angka partisipasi sekolah")
    hands.pick(page.get_by_label("Tingkat"), value="outcome")
    hands.pick(page.get_by_label("Satuan"), label="Persen")
    hands.fill(page.get_by_label("Data dasar"), "83,1")
    hands.fill(page.get_by_role("textbox", name="Target", exact=True), "86,5")
    hands.click(page.get_by_label("Dilaporkan per kabupaten/kota"))


def _duplicated_program(hands: Hands, page: Any, name: str) -> None:
    hands.click(page.locator(".shell-nav a[href='/program/']:visible"))
    hands.click(page.locator("main .title-cell a").first)
    hands.click(page.get_by_role("button", name="Gandakan"))
    page.locator("#notices .alert").first.wait_for()
    if page.get_by_label("Nama program").count() == 0:
        hands.click(page.get_by_role("link", name="Ubah program"))
    hands.fill(page.get_by_label("Nama program"), name)
    hands.click(page.get_by_role("button", name="Simpan dan lanjut"))


def _package(house: House, hands: Hands, page: Any) -> str:
    house.open(page, "/")
    hands.click(page.get_by_role("link", name="Paket baru"))
    hands.fill(page.get_by_label("Kode RUP"), f"{dt.datetime.now(tz=dt.UTC):%d%H%M%S}")
    hands.fill(page.get_by_label("Nama paket"), "Pengadaan alat peraga sekolah jauh")
    hands.pick(page.get_by_label("Jenis"), value="goods")
    hands.pick(page.get_by_label("Metode"), value="tender")
    hands.fill(page.get_by_label("pagu (Rp)"), "1500000000")
    hands.fill(page.get_by_label("HPS, Rp"), "1450000000")
    hands.click(page.get_by_role("button", name="Simpan"))
    hands.pick(page.get_by_label("Nama pejabat"), label="Hendra Saputra")
    hands.click(page.get_by_role("button", name="Tugaskan"))
    page.locator("#notices .alert").first.wait_for()
    return "/" + page.url.split("/", 3)[3]


def _declare(house: House, hands: Hands, official: Any, head: Any, package: str) -> None:
    from kaltim_portal.demo_data.people import DEMO_PASSWORD

    house.open(official, package)
    hands.click(official.get_by_role("link", name="Buat pernyataan"))
    hands.click(official.get_by_label("Saya tidak memiliki benturan kepentingan"))
    hands.click(official.get_by_label("Pernyataan ini saya buat dengan sebenarnya"))
    hands.fill(official.get_by_label("Tanda tangan"), DEMO_PASSWORD)
    hands.click(official.get_by_role("button", name="Buat pernyataan"))
    official.locator("#notices", has_text="Pernyataan tersimpan").wait_for()
    house.open(head, package)
    hands.click(head.locator("tbody a").first)
    hands.pick(head.get_by_label("Putusan"), value="no_conflict")
    hands.fill(head.get_by_label("Alasan"), "Tidak ditemukan hubungan dengan calon penyedia.")
    hands.click(head.get_by_role("button", name="Putuskan"))
    head.locator("#notices", has_text="Putusan tersimpan").wait_for()


WAYS: dict[str, Callable[[House, Hands, bool], None]] = {
    "month": month,
    "spm_month": spm_month,
    "need_to_package": need_to_package,
}
