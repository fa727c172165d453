"""A source of reference data."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from datasources.connectors.registry import connector_for
from datasources.models import Source


class SourceForm(forms.ModelForm):
    """The key goes in and never comes out; an empty field keeps the one that is stored."""

    base_address = forms.URLField(
        label=_("base address"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Empty for files that are handed in and for series that are worked out."),
    )
    api_key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Stored encrypted and never shown again. Leave empty to keep the key that is stored."),
    )
    key_header = forms.RegexField(
        r"^[A-Za-z0-9-]{1,60}$",
        label=_("header of the key"),
        required=False,
        help_text=_("Empty sends it as BPS wants it, or in “Authorization” for the others."),
        error_messages={"invalid": _("Write the header's name only, for example X-API-Key.")},
    )

    class Meta:
        model = Source
        fields = ["name", "kind", "base_address", "api_key", "key_header", "is_active"]

    def clean_base_address(self) -> str:
        address: str = self.cleaned_data["base_address"]
        if not address or self.data.get("kind") == "file":
            return address
        return address if address.endswith("/") else f"{address}/"

    def clean(self) -> dict[str, Any]:
        """A stored key goes to no other host than the one it was entered for."""
        data = super().clean() or self.cleaned_data
        if kind := data.get("kind"):
            self._check_kind(kind, data)
        before = self.initial.get("base_address", "")
        moved = urlsplit(before).netloc != urlsplit(data.get("base_address") or before).netloc
        if not data.get("api_key"):
            if moved and self.instance.api_key:
                self.add_error("api_key", _("The address leads to another host: enter the key for it again."))
            data["api_key"] = self.instance.api_key
        return data

    def _check_kind(self, kind: str, data: Mapping[str, Any]) -> None:
        has_address = data.get("base_address") or "base_address" in self.errors
        if connector_for(kind).needs_address and not has_address:
            self.add_error("base_address", _("This kind of source needs its address."))
        if self.instance.pk and kind != self.initial.get("kind") and self.instance.series.exists():
            self.add_error("kind", _("The source has series already: add a new source for another kind."))
