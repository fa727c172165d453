"""What a phone shows before anybody scrolls, where the focus is after a refusal, and what a sheet of paper holds."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, Desk
from tests.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.stack]
TALL = 740
A4 = 718  # pixels of CSS between the margins


def test_a_phone_shows_a_cell_of_the_sheet_at_once(sit: Callable[..., Desk]) -> None:
    desk = sit("ppk")
    page = desk.page
    page.set_viewport_size({"width": NARROW, "height": TALL})
    desk.open("/isian/")
    # What other people have entered, and the remarks to it, take their room; here the page itself is measured.
    page.evaluate("for (const said of document.querySelectorAll('.finding, main > .alert')) said.remove()")
    bar = page.locator(".sticky-actions").bounding_box()
    cell = page.locator(".grid-table td input").first.bounding_box()
    strip = page.locator(".demo-strip").bounding_box()  # the portal at work has none
    assert bar
    assert cell
    assert strip
    assert bar["height"] <= 70, "two buttons on one line"
    assert cell["y"] + cell["height"] - strip["height"] <= bar["y"] - 20
    until(lambda: page.evaluate("document.documentElement.scrollWidth") <= NARROW)


def test_folded_filters_have_no_button_of_their_own(sit: Callable[..., Desk]) -> None:
    desk = sit("ppk")
    page = desk.page
    page.set_viewport_size({"width": NARROW, "height": TALL})
    desk.open("/laporan/")
    show = page.locator(".filter-actions button")
    expect(show).to_be_hidden()
    page.locator(".filter-more > summary").click()
    expect(show).to_be_visible()


def test_a_refusal_above_the_page_has_the_focus(sit: Callable[..., Desk]) -> None:
    desk = sit("verifikator")
    desk.open("/laporan/kunci/")  # without a period
    said = desk.page.locator("#notices [role=alert]")
    expect(said).to_be_visible()
    expect(said).to_be_focused()


SEND = """
address => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: address });
  form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
  for (const [name, value] of [["act", "unlock"], ["period", new URL(address, location).searchParams.get("period")]])
    form.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(form);
  form.submit();
}
"""


def test_a_refusal_on_the_page_has_the_focus(sit: Callable[..., Desk]) -> None:
    desk = sit("verifikator")
    address = f"/laporan/kunci/?period={timezone.localdate().year}-01"
    desk.open(address)
    with desk.page.expect_navigation():
        desk.page.evaluate(SEND, address)
    said = desk.page.locator("#content .alert-danger")
    expect(said).to_contain_text("Pilih sedikitnya satu laporan")
    expect(said).to_be_focused()


def test_a_report_keeps_within_the_paper(sit: Callable[..., Desk]) -> None:
    desk = sit("verifikator")  # who has a column to comment in, which stays off the paper
    page = desk.page
    desk.open("/laporan/")
    links = page.locator("main a[href^='/laporan/']").evaluate_all("all => all.map(it => it.getAttribute('href'))")
    desk.open(next(each for each in links if re.fullmatch(r"/laporan/\d+/", each)))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    expect(page.locator(".card table")).not_to_have_count(0)
    beyond = page.locator(".card table").evaluate_all(
        "all => all.map(it => it.getBoundingClientRect().right - it.closest('.card').getBoundingClientRect().right)"
    )
    assert max(beyond) <= 1
    names = page.locator(".card tbody td.title-cell").evaluate_all("all => all.map(it => it.clientWidth)")
    assert min(names) >= 130
    line = page.locator(".signature-block > div > p").first
    until(lambda: line.evaluate("it => it.scrollWidth <= it.clientWidth && it.getClientRects().length === 1"))
    until(lambda: line.evaluate("it => it.clientHeight < 1.9 * parseFloat(getComputedStyle(it).fontSize)"))
