"""Nothing typed is lost: whatever ends the session, the line or the tab, every word stands in its form again."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from kaltim_portal.demo_data.people import DEMO_PASSWORD
from tests.browser.conftest import OF_THE_PAGE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]
ROUNDS = 50
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
            self.page.get_by_label("Nama pengguna").fill("operator")
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
    typist = Typist(sit("operator"), chance)
    for _round in range(ROUNDS):
        typist.one_round(chance.choice(list(FORMS)))
    for address in FORMS:
        typist.open(address)
        typist.finds_every_word(address)
