"""Tests of the browser wait from outside the page, and for what they expect."""

import ast
from collections.abc import Iterator

from kaltim_portal.embedded import ROOT

# What a page says at one moment. A script may be about to change it.
MOMENTARY = {
    "all_inner_texts",
    "count",
    "evaluate",
    "evaluate_all",
    "get_attribute",
    "inner_text",
    "input_value",
    "is_checked",
    "is_disabled",
    "is_enabled",
    "is_hidden",
    "is_visible",
    "text_content",
}


def test_nothing_waits_by_a_function_in_the_page() -> None:
    """`wait_for_function` evaluates its text in the page at each frame. The content security policy refuses that from
    the second time on, so such a test passes only where there is nothing to wait for: `expect(…)` and `wait_for` poll
    from outside."""
    called = ".wait_for_function" + "("
    asking = [path.name for path in (ROOT / "tests").rglob("*.py") if called in path.read_text(encoding="utf-8")]
    assert not asking


def momentary(source: str) -> Iterator[int]:
    """The lines that assert what a page says at the moment of asking."""
    asserted = (node.test for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert))
    for node in (each for test in asserted for each in ast.walk(test)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MOMENTARY:
            yield node.lineno


def test_nothing_is_asserted_of_a_moment() -> None:
    """A page whose scripts put something back says it a moment later, on a busy machine a long moment: `expect(…)` and
    `until(…)` wait for it."""
    assert list(momentary("assert row.locator('td').count() == 2"))
    found = [
        f"{path.name}:{line}"
        for path in sorted((ROOT / "tests" / "browser").glob("*.py"))
        for line in momentary(path.read_text(encoding="utf-8"))
    ]
    assert not found
