"""How forms look: Django's own renderer, with the templates in templates/django/forms and a field as
components/field.html.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

# For the widget of what is personal and stored encrypted: no draft keeps it (static/js/drafts.js).
NO_DRAFT = {"data-no-draft": True}


class PortalFormRenderer(TemplatesSetting):
    field_template_name = "components/field.html"


class DayInput(forms.DateInput):
    """A day as browsers show and send it. One that was typed otherwise and understood is shown, too: an input of this
    kind stays empty for anything but 2026-12-31."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, str) and value:
            try:
                value = forms.DateField().to_python(value)
            except ValidationError:
                return str(value)
        shown: str | None = super().format_value(value)
        return shown


def put_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """What a service refused, at the fields that the form has, the rest above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
