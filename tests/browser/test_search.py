"""The search box by keyboard alone: “/” leads to it, arrows walk through the hits, Enter opens one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_by_keyboard(sit: Callable[..., Desk]) -> None:
    desk = sit("operator", at="/program/")
    page = desk.page
    page.keyboard.press("/")
    field = page.locator("#search-field")
    expect(field).to_be_focused()
    page.keyboard.type("pendidikan/")  # in a field it is a letter like any other
    expect(field).to_have_value("pendidikan/")
    page.locator("#search-found [data-found]").first.wait_for()
    desk.look("07-cari")
    page.keyboard.press("ArrowDown")
    first = page.locator("#search-found [data-found]").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    address = first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    page.keyboard.press("/")
    page.keyboard.type("stuntign")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cari/?q=stuntign")
    expect(page.get_by_role("heading", name="Cari", exact=True)).to_be_visible()
