"""A real browser against the running portal. Each page that a walk looks at is checked with axe, console and
overflow."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from kaltim_portal.demo_data.people import DEMO_PASSWORD
from kaltim_portal.embedded import Portal
from tests.browser.pages import ELSEWHERE, name_of
from tests.stack import browser_path, screenshots, started

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
# What a bar that stays in place happens to cover is reached by scrolling: while axe measures targets, none stays.
LOOKED_INTO = """async (options) => {
  const bars = [...document.querySelectorAll("*")].filter((each) => getComputedStyle(each).position === "sticky");
  for (const each of bars) each.style.position = "static";
  try { return await axe.run(document, options); } finally { for (const each of bars) each.style.position = ""; }
}"""
PICTURES = """(least) => [...document.querySelectorAll("svg.chart")].flatMap((svg, number) => {
  const frame = svg.getBoundingClientRect(), found = [];
  if (!frame.width) return found;
  const scale = svg.getScreenCTM().a;
  const words = [...svg.querySelectorAll("text")].filter((each) => each.textContent.trim()).map((each) => ({
    text: each.textContent.trim(), box: each.getBoundingClientRect(),
    px: parseFloat(getComputedStyle(each).fontSize) * scale,
  })).filter(({ box }) => box.width);
  for (const { text, box, px } of words) {
    if (px < least - 0.1) found.push(`${number}: ${px.toFixed(1)} px: ${text}`);
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1
      || box.bottom > frame.bottom + 1) found.push(`${number}: outside: ${text}`);
  }
  words.forEach((one, at) => words.slice(at + 1).forEach((other) => {
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    if (wide > 1.5 && high > 0.35 * Math.min(one.box.height, other.box.height)) {
      found.push(`${number}: ${one.text} on ${other.text}`);
    }
  }));
  return found;
})"""
WIDTH, NARROW = 1366, 360
# Milliseconds. A page answers by itself; what the worker does first stands behind whatever it was left to do.
OF_THE_PAGE, OF_THE_WORKER = 30_000, 90_000


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    yield from started("test-stack", own_servers=False)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    path = browser_path()
    expect.set_options(timeout=OF_THE_PAGE)  # as long as the page itself has; by itself it waits five seconds
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--in-process-gpu"]
        )
        yield browser
        browser.close()


class Desk:
    """One signed-in person: `page` to drive, `look` to check what is on the screen."""

    def __init__(self, page: Any, portal: Portal) -> None:
        self.page = page
        self.portal = portal
        self.said: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def _hear(self, message: Any) -> None:
        refused_on_purpose = "status of 422" in message.text or "status of 409" in message.text
        if message.type == "error" and not refused_on_purpose:
            self.said.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.portal.address}{path}")

    def door(self, group: str, name: str) -> None:
        """Through the sidebar: open the group, then the door."""
        sidebar = self.page.get_by_role("navigation", name="Menu utama", exact=True)
        sidebar.locator("summary", has_text=group).click()
        sidebar.get_by_role("link", name=name, exact=True).click()

    def look(self, name: str) -> None:
        """No complaint of the browser, nothing wider than the screen, no violation of WCAG 2.2 A or AA; a picture.

        Axe reads the page as a phone shows it, where less fits. As a desk shows it, `test_every_page` has it read every
        page that links lead to, and this the others.
        """
        self.picture(name)
        problems = self.checked(name, on_desk=name_of(self.page.url) in ELSEWHERE, on_phone=True)
        assert not problems, problems

    def picture(self, name: str) -> None:
        folder = screenshots()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}.png")

    def checked_as_is(self, name: str) -> list[str]:
        """Axe and the console, without changing the size of the window."""
        problems = [f"{name}: {each}" for each in [*self._axe(), *self.said]]
        self.said.clear()
        return problems

    def checked(self, name: str, *, on_desk: bool = True, on_phone: bool = False) -> list[str]:
        """What is wrong with the page: the console, whether it is too wide for a phone, and axe where it is asked."""
        self.page.wait_for_load_state()  # after a click another page may be coming
        problems = self.checked_as_is(name) if on_desk else []
        problems += self._pictures(name, least=11)
        self.page.set_viewport_size({"width": NARROW, "height": 800})
        problems += self._pictures(name, least=8)
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            problems.append(f"{name} is wider than {NARROW} px")
        if on_phone:
            problems += self.checked_as_is(name)
        self.page.set_viewport_size({"width": WIDTH, "height": 800})
        return problems

    def _pictures(self, name: str, *, least: float) -> list[str]:
        """Words of charts that are smaller than `least` px, outside their picture, or on one another."""
        found = self.page.evaluate(PICTURES, least)
        return [f"{name}, picture {each}" for each in found]

    def _axe(self) -> list[str]:
        # Evaluated through the debugger, which the page's content security policy does not concern.
        self.page.evaluate(AXE.read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        # Only what is wrong is looked into further: half the time of a page goes into what is right.
        options = {"runOnly": tags, "resultTypes": ["violations"], "preload": False}
        found = self.page.evaluate(LOOKED_INTO, options)
        return [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found["violations"]]


def _sign_in(context: Any, portal: Portal, username: str) -> None:
    """What the page of signing in sends, without drawing that page for each of dozens: `test_sign_in` fills it in."""
    door = f"{portal.address}/masuk/"
    context.request.get(door)
    token = next(each["value"] for each in context.cookies() if each["name"] == "csrftoken")
    typed = {"login": username, "password": DEMO_PASSWORD, "csrfmiddlewaretoken": token}
    answer = context.request.post(door, form=typed, max_redirects=0)
    assert answer.status == HTTPStatus.FOUND, answer.text()


@pytest.fixture
def sit(chromium: Any, portal: Portal) -> Iterator[Callable[[str], Desk]]:
    contexts = []

    def signed_in(username: str, service_workers: str = "block", at: str = "/") -> Desk:
        context = chromium.new_context(
            viewport={"width": WIDTH, "height": 800},
            locale="id-ID",
            accept_downloads=True,
            service_workers=service_workers,  # one in between would answer for what a test cuts off
        )
        contexts.append(context)
        _sign_in(context, portal, username)
        page = context.new_page()
        page.set_default_timeout(OF_THE_PAGE)
        desk = Desk(page, portal)
        desk.open(at)
        page.locator("main").wait_for()
        return desk

    yield signed_in
    for context in contexts:
        context.close()
