"""A list to choose from is written as Django writes it, only quicker."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from core.forms import QuickSelect

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


class Parts(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


def same(choices: Any, value: Any, attrs: dict[str, Any]) -> None:
    quick, own = QuickSelect(attrs, choices), forms.Select(attrs, choices)
    assert Parts(quick.render("x", value, {"id": "id_x"})).found == Parts(own.render("x", value, {"id": "id_x"})).found


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6), TEXT)
def test_any_choice_and_any_value(choices: list[tuple[str, str]], value: str) -> None:
    same(choices, value, {})


@pytest.mark.parametrize("value", [None, "", "b", 2, "<script>"])
def test_groups_and_attributes(value: Any) -> None:
    choices = [("", "Semua"), ("Grup <1>", [("a", "A & B"), ("b", '"B"')]), (2, "Dua"), ("Kosong", [])]
    same(choices, value, {"class": "form-select", "required": True, "disabled": False, "data-x": '"&'})
