"""Tests of the browser wait from outside the page."""

from kaltim_portal.embedded import ROOT


def test_nothing_waits_by_a_function_in_the_page() -> None:
    """`wait_for_function` evaluates its text in the page at each frame. The content security policy refuses that from
    the second time on, so such a test passes only where there is nothing to wait for: `expect(…)` and `wait_for` poll
    from outside."""
    called = ".wait_for_function" + "("
    asking = [path.name for path in (ROOT / "tests").rglob("*.py") if called in path.read_text(encoding="utf-8")]
    assert not asking
