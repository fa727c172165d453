"""What a data steward fills in: a source, a series."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from core.looks import BootstrapFormMixin
from datasources.models import Series, Source

INTERVALS = [
    (dt.timedelta(hours=6), _("every 6 hours")),
    (dt.timedelta(days=1), _("every day")),
    (dt.timedelta(days=7), _("every week")),
    (dt.timedelta(days=30), _("every 30 days")),
]
STALE_FACTOR = 7


class SourceForm(BootstrapFormMixin, forms.ModelForm):
    """The key goes in and never comes out; an empty field keeps the one that is stored."""

    base_address = forms.URLField(
        label=_("base address"),
        max_length=200,
        assume_scheme="https",
        help_text=_("For BPS: https://webapi.bps.go.id/v1/api/"),
    )
    api_key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Stored encrypted and never shown again. Leave empty to keep the key that is stored."),
    )

    class Meta:
        model = Source
        fields = ["name", "kind", "base_address", "api_key", "is_active"]

    def clean_base_address(self) -> str:
        address: str = self.cleaned_data["base_address"]
        return address if address.endswith("/") else f"{address}/"

    def clean(self) -> dict[str, Any]:
        """A stored key goes to no other host than the one it was entered for."""
        data = super().clean() or self.cleaned_data
        before = self.initial.get("base_address", "")
        moved = urlsplit(before).netloc != urlsplit(data.get("base_address") or before).netloc
        if not data.get("api_key"):
            if moved and self.instance.api_key:
                self.add_error("api_key", _("The address leads to another host: enter the key for it again."))
            data["api_key"] = self.instance.api_key
        return data


class SeriesForm(BootstrapFormMixin, forms.ModelForm):
    interval = forms.TypedChoiceField(
        label=_("Pull"), choices=[(str(delta.total_seconds()), label) for delta, label in INTERVALS],
        coerce=lambda seconds: dt.timedelta(seconds=float(seconds)),
    )  # fmt: skip

    class Meta:
        model = Series
        fields = [
            "source",
            "domain",
            "variable",
            "characteristic",
            "name",
            "unit",
            "years_back",
            "interval",
            "is_active",
        ]
        help_texts = {
            "variable": _("BPS: the number of the variable (var)."),
            "characteristic": _("BPS: turvar; empty takes the first."),
            "unit": _("As the source writes it: Persen, Ribu Jiwa, …"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["interval"] = str(self.instance.interval.total_seconds())

    def save(self, commit: bool = True) -> Any:
        self.instance.stale_after = self.cleaned_data["interval"] * STALE_FACTOR
        return super().save(commit)


class UploadForm(BootstrapFormMixin, forms.Form):
    """A list to hand in; the kind is found from its headings."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, CSV or JSON, at most 60 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Save it in Excel and upload it again."),
        },
    )
    stage = forms.ChoiceField(
        label=_("Stage of the budget"),
        required=False,
        choices=[
            ("", _("– as it comes –")),
            ("original", _("original budget (murni)")),
            ("shift", _("shift within the budget (pergeseran)")),
            ("change", _("changed budget (perubahan)")),
        ],
        help_text=_("Only for budget lines."),
    )
