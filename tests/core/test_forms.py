"""Django's widgets through the portal's renderer: the same parts as Django's own, and Bootstrap's class on each."""

from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from hypothesis import given
from hypothesis import strategies as st

from core.forms import PortalFormRenderer
from dashboards.directives.views import FollowUpForm
from datasources.pulls.forms import RhythmForm
from datasources.series.forms import SeriesForm, YearsForm
from procurement.contracts.forms import HandoverForm
from procurement.suppliers.forms import SupplierPersonForm
from public_services.forms import PublicServiceForm, StepForm

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


def test_figures_in_forms_are_read_as_they_are_written_here() -> None:
    """Django's own fields take "1.000", which is a thousand here, for 1; what is hidden is written by the page."""
    own = {
        name.split(".")[0]
        for name in settings.INSTALLED_APPS
        if (Path(settings.BASE_DIR) / name.split(".")[0]).is_dir()
    }
    for app in sorted(own):
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            if "forms" in path.stem or "forms." in path.read_text():
                name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts).removesuffix(".__init__")
                if "migrations" not in name:
                    import_module(name)
    djangos = (forms.IntegerField, forms.DecimalField, forms.FloatField)
    found = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _below(forms.BaseForm)
        if form.__module__.split(".")[0] in own
        for name, field in form.base_fields.items()
        if isinstance(field, djangos) and not isinstance(field, forms.ModelChoiceField) and not field.widget.is_hidden
    ]
    assert found == []


def _below(kind: type) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (HandoverForm.base_fields["percent"], "1.000"),
        (SupplierPersonForm.base_fields["share_percent"], "1.000"),
        (FollowUpForm.base_fields["percent"], "1.000"),
        (RhythmForm.base_fields["minutes"], "1.000.000"),
        (SeriesForm.base_fields["years_back"], "1.000"),
        (YearsForm.base_fields["first_year"], "1.000"),
        (StepForm.base_fields["days"], "1.000"),
        (PublicServiceForm.base_fields["promised_days"], "10.000"),
    ],
)
def test_a_thousand_is_a_thousand(field: forms.Field, typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    assert "Isi paling" in caught.value.messages[0], "it is read as a thousand, which is too much or too little"
    assert field.clean("1.945" if field is YearsForm.base_fields["first_year"] else "12") in {1945, 12}
