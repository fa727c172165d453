"""A supplier with the people behind it, its contacts and the times when it was blacklisted."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from core.forms import NO_DRAFT, DayInput
from core.formset_rows import leave_unjudged, show_unjudged
from core.numbers import digits_of
from core.versioning import SEEN, Pair, seen_of
from procurement.choices import NIK_DIGITS, NPWP_DIGITS
from procurement.models import Blacklisting, Supplier, SupplierContact, SupplierPerson

NIB_DIGITS = 13


def day_input() -> forms.DateInput:
    return DayInput()


class KeptSecretMixin:
    """A number that is stored encrypted: shown masked as the hint; an empty field leaves it as it is."""

    fields: dict[str, forms.Field]
    instance: Any
    kept_field = ""

    def hide_secret(self, shown: str) -> None:
        field = self.fields[self.kept_field]
        if shown:
            field.help_text = _("Kept: %(shown)s. Type only to replace it.") % {"shown": shown}

    def kept(self, typed: str) -> str:
        """What is to be stored: the typed number, or the one that is there."""
        return typed or (
            getattr(type(self.instance).objects.get(pk=self.instance.pk), self.kept_field) if self.instance.pk else ""
        )


class SupplierForm(KeptSecretMixin, forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tax_number = forms.CharField(
        label="NPWP",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=NO_DRAFT | {"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("15 or 16 digits. Stored encrypted, shown masked."),
    )
    kept_field = "tax_number"

    class Meta:
        model = Supplier
        fields = ["name", "kind", "tax_number", "business_number", "business_number_on", "known_since"]
        widgets = {"business_number_on": day_input(), "known_since": day_input()}
        help_texts = {
            "name": _("As in the deed, with PT or CV."),
            "business_number": _("13 digits, as OSS shows it."),
            "business_number_on": _("As OSS shows it; the supplier has existed since then at least."),
            "known_since": _("The day since which it has been in business, as far as known."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["business_number"].widget.attrs["inputmode"] = "numeric"
        self.initial["tax_number"] = ""
        if self.instance.pk:
            self.hide_secret(self.instance.masked_tax_number)
            if not self.is_bound:
                self.initial["version"] = self.instance.version

    def clean_tax_number(self) -> str:
        typed = self.cleaned_data["tax_number"]
        digits = digits_of(typed)
        if typed.strip() and len(digits) not in {NPWP_DIGITS, NIK_DIGITS}:
            raise forms.ValidationError(_("An NPWP has 15 or 16 digits."))
        return self.kept(digits)

    def clean_business_number(self) -> str:
        digits = digits_of(self.cleaned_data["business_number"])
        if self.cleaned_data["business_number"].strip() and len(digits) != NIB_DIGITS:
            raise forms.ValidationError(_("A NIB has 13 digits."))
        return digits

    def clean_business_number_on(self) -> dt.date | None:
        issued: dt.date | None = self.cleaned_data["business_number_on"]
        if issued and issued > timezone.localdate():
            raise forms.ValidationError(_("A NIB is not issued on a day to come. Enter the day that OSS shows."))
        return issued

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The hash is not a field of the form, so Django leaves its constraint out.
        self.instance.tax_number = cleaned.get("tax_number", "")
        if self.instance.same_tax_number().exists():
            self.add_error("tax_number", _("A supplier with this NPWP is already in the portal."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SupplierPersonForm(KeptSecretMixin, forms.ModelForm):
    identity = forms.CharField(
        label=_("NIK or NPWP"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=NO_DRAFT | {"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("When you know it. Stored encrypted, shown masked."),
    )
    share_percent = NumberFormField(label=_("share (%)"), decimals=2, min_value=0, max_value=100, required=False)
    kept_field = "identity"

    class Meta:
        model = SupplierPerson
        fields = ["name", "role", "identity", "share_percent", "from_day", "until_day"]
        widgets = {"from_day": day_input(), "until_day": day_input()}
        help_texts = {"until_day": _("Fill this when the person has left; the row stays.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["identity"] = ""
        if self.instance.pk:
            self.hide_secret(self.instance.masked_identity)

    def clean_identity(self) -> str:
        typed = self.cleaned_data["identity"]
        digits = digits_of(typed)
        if typed.strip() and len(digits) not in {NIK_DIGITS, NPWP_DIGITS}:
            raise forms.ValidationError(
                _("A NIK has 16 digits, an NPWP 15 or 16. Leave the field empty when you do not know it.")
            )
        return self.kept(digits)


class SupplierContactForm(KeptSecretMixin, forms.ModelForm):
    value = forms.CharField(label=_("as written"), max_length=300, widget=forms.TextInput(attrs=NO_DRAFT))
    kept_field = "value"

    class Meta:
        model = SupplierContact
        fields = ["kind", "value", "from_day", "until_day"]
        widgets = {"from_day": day_input(), "until_day": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["value"].required = False
            self.initial["value"] = ""
            self.hide_secret(self.instance.shown)

    def clean_value(self) -> str:
        return self.kept(self.cleaned_data["value"].strip())


class BlacklistingForm(forms.ModelForm):
    class Meta:
        model = Blacklisting
        fields = ["decision_number", "reason", "from_day", "until_day"]
        widgets = {"from_day": day_input(), "until_day": day_input()}


PersonFormSet = forms.modelformset_factory(SupplierPerson, form=SupplierPersonForm, extra=1, max_num=60)
ContactFormSet = forms.modelformset_factory(SupplierContact, form=SupplierContactForm, extra=1, max_num=60)
BlacklistingFormSet = forms.modelformset_factory(Blacklisting, form=BlacklistingForm, extra=0, max_num=30)


class MergeForm(forms.Form):
    """Into which supplier this one goes, and how one knows that the two are the same."""

    into = forms.CharField(
        label=_("The supplier that stays"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "supplier-names", "autocomplete": "off"}),
        help_text=_("Name or NPWP."),
    )
    reason = forms.CharField(label=_("How you know that they are the same"), max_length=500)


class SupplierSheet:
    """The supplier's form with those of its people, contacts and blacklistings: shown, checked and saved together."""

    PREFIXES = ("people", "contacts", "bans")

    def __init__(self, data: QueryDict | None, supplier: Supplier) -> None:
        self.data: Any = data
        own: dict[str, Any] = {"supplier": supplier} if supplier.pk else {"pk__in": []}
        self.form = SupplierForm(data, instance=supplier)
        self.parts: list[Any] = [
            PersonFormSet(data, queryset=SupplierPerson.objects.filter(**own), prefix="people"),
            ContactFormSet(data, queryset=SupplierContact.objects.filter(**own), prefix="contacts"),
            BlacklistingFormSet(data, queryset=Blacklisting.objects.filter(**own), prefix="bans"),
        ]

    def is_valid(self) -> bool:
        """Asks all of them, so that every error is shown."""
        answers = [part.is_valid() for part in (self.form, *self.parts)]
        return all(answers)

    def rows(self) -> dict[Any, forms.ModelForm]:
        """The forms of what is saved: the supplier's by None, each part's by its kind and key."""
        parts = {(number, form.instance.pk): form for number, part in enumerate(self.parts) for form in part}
        return {None: self.form} | {key: form for key, form in parts.items() if key[1] is not None}

    def pairs(self, now: "SupplierSheet") -> list[Pair]:
        """Each form as it was typed and as it shows what is saved now."""
        shown = now.rows()
        return [(form, shown[key]) for key, form in self.rows().items() if key in shown]

    @property
    def seen(self) -> str:
        return seen_of(*self.rows().values()) if self.data is None else self.data.get(SEEN, "")

    def show_unjudged(self, *, act: str) -> None:
        for part in self.parts:
            show_unjudged(part, act=act)
        leave_unjudged(self.form)

    def changed_parts(self) -> list[Model]:
        return [form.save(commit=False) for part in self.parts for form in part if form.has_changed()]
