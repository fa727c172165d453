"""Bootstrap's classes on Django's widgets, errors joined to their fields for screen readers."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROWS = 3
_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.FileInput, "form-control"),
    (forms.Textarea, "form-control"),
    (forms.TextInput, "form-control"),
]


class QuickSelect(forms.Select):
    """Django's own list to choose from, written without a template for each option: lists of OPD stand on every page.
    Django's own list to choose from, written without a template for each option: lists of OPD stand on every page."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        own = {"name": name} | self.build_attrs(self.attrs, attrs)
        groups = [
            format_html('<optgroup label="{}">{}</optgroup>', label, options) if label else options
            for label, rows, _number in self.optgroups(name, self.format_value(value), own)
            if (options := format_html_join("", '<option value="{}"{}>{}</option>', map(_option, rows))) or label
        ]
        return format_html(
            "<select{}>{}</select>", flatatt(own), format_html_join("", "{}", ((each,) for each in groups))
        )


def _option(row: dict[str, Any]) -> tuple[Any, SafeString, Any]:
    value = row["value"]
    return "" if value is None else str(value), flatatt(row["attrs"]), row["label"]


class BootstrapFormMixin:
    """Put first in a form's bases."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    widget = field.widget
    if type(widget) is forms.Select:
        quick = QuickSelect(widget.attrs)
        quick.choices, quick.is_required, quick.is_localized = widget.choices, widget.is_required, widget.is_localized
        widget = field.widget = quick
    if "class" not in widget.attrs and not widget.is_hidden:
        widget.attrs["class"] = next((css for kind, css in _CLASSES if isinstance(widget, kind)), "form-control")
    if isinstance(widget, forms.Textarea) and widget.attrs.pop("cols", None) == "40" and widget.attrs["rows"] == "10":
        widget.attrs["rows"] = ROWS  # Django's own size, not one that somebody chose
