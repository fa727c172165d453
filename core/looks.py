"""Bootstrap's classes on Django's widgets, errors joined to their fields for screen readers."""

from typing import Any

from django import forms

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


class BootstrapFormMixin:
    """Put first in a form's bases."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    widget = field.widget
    if "class" not in widget.attrs and not widget.is_hidden:
        widget.attrs["class"] = next((css for kind, css in _CLASSES if isinstance(widget, kind)), "form-control")
    if isinstance(widget, forms.Textarea) and widget.attrs.pop("cols", None) == "40" and widget.attrs["rows"] == "10":
        widget.attrs["rows"] = ROWS  # Django's own size, not one that somebody chose
