"""Django's widgets through the portal's renderer: the same parts as Django's own, and Bootstrap's class on each."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from hypothesis import given
from hypothesis import strategies as st

from core.forms import PortalFormRenderer

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
OURS, DJANGOS = PortalFormRenderer(), DjangoTemplates()


class Parts(HTMLParser):
    """Tags, attributes without the class, and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.classes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.classes += [value or "" for name, value in attrs if name == "class"]
        self.found.append((tag, sorted((pair for pair in attrs if pair[0] != "class"), key=str)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


def parts(widget: forms.Widget, value: Any, renderer: Any) -> Parts:
    return Parts(widget.render("x", value, {"id": "id_x"}, renderer))


def same(widget: forms.Widget, value: Any) -> None:
    assert parts(widget, value, OURS).found == parts(widget, value, DJANGOS).found


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6), TEXT)
def test_any_choice_and_any_value(choices: list[tuple[str, str]], value: str) -> None:
    same(forms.Select(choices=choices), value)


@pytest.mark.parametrize("value", [None, "", "b", 2, "<script>"])
def test_groups_and_attributes(value: Any) -> None:
    choices = [("", "Semua"), ("Grup <1>", [("a", "A & B"), ("b", '"B"')]), (2, "Dua"), ("Kosong", [])]
    same(forms.Select({"required": True, "disabled": False, "data-x": '"&'}, choices), value)


@given(TEXT)
def test_any_text(value: str) -> None:
    same(forms.TextInput(), value)


@pytest.mark.parametrize(
    ("widget", "css"),
    [
        (forms.TextInput(), "form-control"),
        (forms.Textarea(), "form-control"),
        (forms.Select(), "form-select"),
        (forms.CheckboxInput(), "form-check-input"),
        (forms.ClearableFileInput(), "form-control"),
        (forms.DateInput(), "form-control"),
        (forms.TextInput({"class": "own"}), "own"),
    ],
)
def test_each_widget_has_one_class(widget: forms.Widget, css: str) -> None:
    assert parts(widget, None, OURS).classes == [css]


def test_hidden_fields_have_none() -> None:
    assert parts(forms.HiddenInput(), "1", OURS).classes == []


def test_a_text_area_has_three_rows_unless_somebody_chose() -> None:
    assert 'rows="3"' in forms.Textarea().render("x", "", renderer=OURS)
    assert 'rows="6"' in forms.Textarea({"rows": 6}).render("x", "", renderer=OURS)


def test_a_fields_group_is_the_portals() -> None:
    class Named(forms.Form):
        name = forms.CharField(help_text="Nama lengkap")

    html = Named({"name": ""})["name"].as_field_group()
    assert 'class="field"' in html
    assert 'id="id_name_helptext"' in html
    assert 'class="field-errors"' in html
