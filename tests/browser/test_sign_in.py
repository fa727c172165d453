"""Ways in, in a real browser: passkey, SSO, an app on the phone, an invitation; and the lock after a pause."""

import contextlib
import datetime as dt
import email
import re
from collections.abc import Callable, Iterator
from email import policy
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from playwright.sync_api import expect

from kaltim_portal.demo_data.people import DEMO_PASSWORD
from kaltim_portal.embedded import Portal
from tests.accounts.authenticator import code_of
from tests.browser.conftest import WIDTH, Desk
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture(autouse=True)
def no_factor_stays(portal: Portal) -> Iterator[None]:
    """The portal is shared and tests run in another order each time: whoever sits down later knows of no code."""
    yield
    with contextlib.closing(psycopg2.connect(portal.servers.owner_url(portal.database))) as connection, connection:
        connection.cursor().execute("DELETE FROM mfa_authenticator")


@pytest.fixture
def door(chromium: Any, portal: Portal) -> Iterator[Callable[[], Desk]]:
    """A new browser of somebody who has not signed in yet, at the portal under a name."""
    contexts = []

    def opened() -> Desk:
        context = chromium.new_context(viewport={"width": WIDTH, "height": 800}, locale="id-ID")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return NamedDesk(page, portal)

    yield opened
    for context in contexts:
        context.close()


class NamedDesk(Desk):
    """Passkeys belong to a name; browsers know none for 127.0.0.1."""

    def open(self, path: str) -> None:
        self.page.goto(f"http://localhost:{self.portal.web_port}{path}")

    def _hear(self, message: Any) -> None:
        if "status of 403" not in message.text:  # the question whether it is you is a refusal until it is answered
            super()._hear(message)

    def sign_in(self, username: str, password: str = DEMO_PASSWORD) -> None:
        self.open("/masuk/")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Kata sandi").fill(password)
        self.page.get_by_role("button", name="Masuk", exact=True).click()

    def arrive(self) -> None:
        self.page.locator(".shell-tools").wait_for()  # each role has a first page of its own


def letters(portal: Portal, to: str) -> list[str]:
    """The bodies of the demo's letters to somebody, the newest last."""
    found = []
    for path in sorted(portal.letters.glob("*.log"), key=lambda file: file.stat().st_mtime):
        for text in path.read_text().split("-" * 79):
            letter = email.message_from_string(text.lstrip("\n"), policy=policy.default)
            if letter["To"] == to:
                found.append(letter.get_content())
    return found


def test_a_passkey_opens_without_password_or_code(door: Callable[[], Desk]) -> None:
    desk = door()
    devtools = desk.page.context.new_cdp_session(desk.page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    desk.sign_in("kepala.dinkes")
    desk.arrive()
    desk.open("/akun/faktor-kedua/")
    desk.look("faktor-kedua")
    desk.page.get_by_role("link", name="Tambah kunci sandi").click()
    desk.page.get_by_label("Nama kunci").fill("Laptop kantor")
    desk.look("kunci-sandi")
    desk.page.get_by_role("button", name="Tambah kunci sandi").click()
    desk.page.get_by_role("heading", name="Kode pemulihan").wait_for()
    desk.look("kode-pemulihan")
    desk.open("/akun/faktor-kedua/")
    desk.page.get_by_text("Laptop kantor").wait_for()
    desk.open("/akun/")
    desk.page.locator("details.popover-menu summary").last.click()
    desk.page.get_by_role("button", name="Keluar", exact=True).click()
    desk.page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    desk.arrive()
    # With a password the passkey is the second step.
    other = desk.page.context
    other.clear_cookies()
    desk.sign_in("kepala.dinkes")
    desk.page.get_by_role("button", name="Pakai kunci sandi").click()
    desk.arrive()


def test_sso_signs_in_and_out(door: Callable[[], Desk]) -> None:
    desk = door()
    desk.page.goto(f"{desk.portal.address}/masuk/")  # the provider knows this address
    desk.page.get_by_role("button", name="Masuk dengan SSO").click()
    desk.page.locator("#id_login").fill("gubernur")
    desk.page.locator("#id_password").fill(DEMO_PASSWORD)
    desk.page.locator("form button[type=submit]").first.click()
    desk.arrive()
    expect(desk.page.locator(".shell-tools")).to_contain_text("Bagus Wicaksono")
    desk.page.locator("details.popover-menu summary").last.click()
    desk.page.get_by_role("button", name="Keluar", exact=True).click()
    desk.page.get_by_role("heading", name="Masuk").wait_for()
    assert desk.page.url == f"{desk.portal.address}/masuk/"
    desk.page.get_by_role("button", name="Masuk dengan SSO").click()
    desk.page.locator("#id_login").wait_for()  # signed out there as well


def test_an_app_on_the_phone(door: Callable[[], Desk]) -> None:
    desk = door()
    desk.sign_in("verifikator")
    desk.arrive()
    desk.open("/masuk/kode/pasang/")
    secret = desk.page.locator("code").inner_text().replace(" ", "")
    desk.look("faktor-kedua-pasang")
    desk.page.get_by_label("Kode dari aplikasi").fill(code_of(secret))
    desk.page.get_by_role("button", name="Aktifkan").click()
    desk.page.get_by_role("heading", name="Kode pemulihan").wait_for()
    again = door()
    again.sign_in("verifikator")
    again.page.get_by_role("heading", name="Faktor kedua").wait_for()
    again.look("faktor-kedua-kode")
    # The code that set it up is spent; the next one is taken already, as phones' clocks are off by some seconds.
    again.page.get_by_label("Kode dari aplikasi").fill(code_of(secret, step=1))
    again.page.get_by_role("button", name="Lanjut").click()
    again.arrive()


def test_an_invitation_begins_an_account(door: Callable[[], Desk], sit: Callable[[str], Desk]) -> None:
    office = sit("admin")
    office.open("/admin/accounts/user/add/")
    office.page.locator("#id_username").fill("orang.baru")
    office.page.locator("#id_full_name").fill("Orang Baru")
    office.page.locator("#id_email").fill("orang.baru@contoh.test")
    before = len(letters(office.portal, "orang.baru@contoh.test"))  # of earlier runs
    office.page.locator("input[name=_save]").click()
    body = until(lambda: letters(office.portal, "orang.baru@contoh.test")[before:])[-1]
    desk = door()
    desk.open("/" + re.search(r"http\S+", body)[0].split("/", 3)[3])
    desk.look("pilih-kata-sandi")
    desk.page.locator("#id_password1").fill("kalimat-yang-panjang-sekali")
    desk.page.locator("#id_password2").fill("kalimat-yang-panjang-sekali")
    desk.page.get_by_role("button", name="Simpan").click()
    desk.page.get_by_text("Kata sandi baru tersimpan").wait_for()
    desk.sign_in("orang.baru", "kalimat-yang-panjang-sekali")
    desk.arrive()


def leave_alone(portal: Portal) -> None:
    """Everybody, for an hour."""
    connection = psycopg2.connect(portal.servers.database_url(portal.database))
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_session SET seen_at = now() - interval '1 hour'")


def test_a_form_that_was_left_alone_is_saved_as_typed(door: Callable[[], Desk]) -> None:
    desk = door()
    desk.sign_in("kepala")
    desk.arrive()
    desk.open("/akun/pelimpahan/")
    today = dt.datetime.now(ZoneInfo("Asia/Makassar")).date()
    desk.page.get_by_label("Yang mewakili").select_option(index=1)
    desk.page.get_by_label("Hari pertama").fill(str(today))
    desk.page.get_by_label("Hari terakhir").fill(str(today + dt.timedelta(days=3)))
    desk.page.get_by_label("Alasan").fill("Dinas ke Samarinda")
    leave_alone(desk.portal)
    desk.page.get_by_role("button", name="Simpan").click()
    desk.page.get_by_role("heading", name="Terkunci setelah jeda").wait_for()
    desk.look("terkunci")
    desk.page.get_by_label("Kata sandi Anda").fill(DEMO_PASSWORD)
    desk.page.get_by_role("button", name="Tegaskan").click()
    desk.page.get_by_text("Dinas ke Samarinda").wait_for()
    # A head who has lent the role rests, and other walks need this one.
    desk.page.get_by_role("button", name="Akhiri").first.click()
    desk.page.locator("#notices", has_text="diakhiri").wait_for()


def test_the_pages_at_the_door(door: Callable[[], Desk]) -> None:
    desk = door()
    desk.open("/masuk/")
    desk.page.get_by_role("button", name="Masuk dengan kunci sandi").wait_for()
    desk.look("masuk")
    desk.open("/masuk/lupa/")
    desk.look("lupa-kata-sandi")
    desk.open("/masuk/tautan/1-x/")
    desk.look("tautan-lama")
