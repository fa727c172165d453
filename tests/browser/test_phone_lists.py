"""On a phone a list of packages is short: a card says what counts, the filters stay folded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, Desk

pytestmark = [pytest.mark.browser, pytest.mark.stack]
LARGEST_CARD = 160  # pixels, on average


def test_packages_are_short_cards(sit: Callable[..., Desk]) -> None:
    desk = sit("auditor")
    page = desk.page
    page.set_viewport_size({"width": NARROW, "height": 740})
    desk.open("/pengadaan/")
    cards = page.locator(".stack-table tbody tr")
    first = cards.first
    for label in ("OPD", "Pagu", "Status"):
        expect(first.locator(f"td[data-label='{label}']")).to_be_visible()
    expect(first.locator("td.desk-cell").first).to_be_hidden()
    heights = cards.evaluate_all("(rows) => rows.map((row) => row.getBoundingClientRect().height)")
    assert sum(heights) / len(heights) <= LARGEST_CARD
