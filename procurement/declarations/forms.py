"""Declarations, decisions on them, and the particulars of an official."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.signing import SignatureField
from core.forms import NO_DRAFT
from core.formset_rows import show_unjudged, with_rows_changed
from core.numbers import digits_of
from procurement.choices import NIK_DIGITS, NPWP_DIGITS, DecisionKind, InterestNature
from procurement.models import Interest

PARTICULARS = ("identity", "phone", "address", "account")


class DeclarationForm(forms.Form):
    """The answer, the oath and the signature; the interests themselves are the formset below it."""

    answer = forms.ChoiceField(
        label=_("Do you have an interest in this package?"),
        choices=[
            ("none", _("I have no conflict of interest in this package.")),
            ("some", _("I have the following interests.")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose one of the two.")},
    )
    is_true = forms.BooleanField(
        label=_("I declare this truthfully and will correct it when anything changes."),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Confirm that the declaration is true.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, yearly: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signature"] = SignatureField(request=request)
        if yearly:
            answer = self.fields["answer"]
            answer.label = _("Do you have interests that could touch your tasks this year?")
            answer.choices = [  # type: ignore[attr-defined]  # a ChoiceField of this form
                ("none", _("I have no interests that could conflict with my tasks.")),
                ("some", _("I have the following interests.")),
            ]


class InterestForm(forms.ModelForm):
    party_identity = forms.CharField(
        label=_("Identity number (NIK or NPWP)"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=NO_DRAFT | {"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("When you know it. Stored encrypted, shown masked."),
    )

    class Meta:
        model = Interest
        fields = ["kind", "nature", "party_name", "party_identity", "relation", "since", "mitigation"]
        help_texts = {
            "relation": _("For example: younger brother is a director."),
            "since": _("For example: 2019"),
            "mitigation": _("What you propose, for example not taking part in the evaluation."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nature = cast("forms.TypedChoiceField", self.fields["nature"])
        nature.choices = [("", _("– choose –")), *((each.value, each.label) for each in InterestNature.declared_now())]

    def clean_party_identity(self) -> str:
        digits = digits_of(self.cleaned_data["party_identity"])
        if self.cleaned_data["party_identity"].strip() and len(digits) not in {NIK_DIGITS, NPWP_DIGITS}:
            raise forms.ValidationError(
                _("A NIK has 16 digits, an NPWP 15 or 16. Leave the field empty when you do not know it.")
            )
        return digits

    def interest(self) -> Interest:
        """Not saved yet; the identity number is encrypted when it is."""
        interest: Interest = self.save(commit=False)
        interest.party_identity = self.cleaned_data["party_identity"]
        return interest


InterestFormSet = forms.modelformset_factory(Interest, form=InterestForm, extra=1, max_num=20)


class DeclarationSheet:
    """The answer with its signature and the interests below it: shown, checked and read together.

    The signature is asked last: a code of the second factor is spent by looking at it.
    """

    def __init__(self, request: HttpRequest, *, yearly: bool) -> None:
        rows = with_rows_changed(request.POST, "form")
        self.is_sent = request.method == "POST" and rows is None
        self.form = DeclarationForm(None if rows else request.POST or None, request=request, yearly=yearly)
        if rows:
            self.form.initial = {"answer": request.POST.get("answer"), "is_true": "is_true" in request.POST}
        self.has_interests = request.POST.get("answer") == "some"
        self.formset = InterestFormSet(rows or request.POST or None, queryset=Interest.objects.none())
        if rows:
            show_unjudged(self.formset, act=request.POST.get("act", ""))

    def is_valid(self) -> bool:
        """Interests are named where there are some, and everything else is right."""
        if not self.has_interests or self._filled():
            return bool(self.form.is_valid())
        self._check_all_but_signature()
        return False

    def interests(self) -> list[Interest]:
        return [form.interest() for form in self._filled()] if self.has_interests else []

    def _filled(self) -> list["InterestForm"]:
        return [form for form in self.formset if form.has_changed()] if self.formset.is_valid() else []

    def _check_all_but_signature(self) -> None:
        signature = self.form.fields.pop("signature")
        self.form.is_valid()
        if self.formset.is_valid():
            self.form.add_error("answer", _("Name at least one interest, or choose that you have none."))
        self.form.fields["signature"] = signature


class ProfileForm(forms.Form):
    """One's own particulars, compared by machine with suppliers'. Empty fields stay as they are; the boxes remove."""

    identity = forms.CharField(
        label="NIK",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=NO_DRAFT | {"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=NO_DRAFT | {"inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("Address"), required=False, max_length=300, widget=forms.TextInput(attrs=NO_DRAFT)
    )
    account = forms.CharField(
        label=_("Bank account"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=NO_DRAFT),
        help_text=_("Bank and number."),
    )
    forget = forms.MultipleChoiceField(
        label=_("Remove"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("identity", "NIK"),
            ("phone", _("Telephone")),
            ("address", _("Address")),
            ("account", _("Bank account")),
        ],
    )

    def __init__(self, *args: Any, held: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, shown in held.items():
            self.fields[name].help_text = _("Kept: %(shown)s. Type only to replace it.") % {"shown": shown}

    def clean_identity(self) -> str:
        digits = digits_of(self.cleaned_data["identity"])
        if self.cleaned_data["identity"].strip() and len(digits) != NIK_DIGITS:
            raise forms.ValidationError(_("A NIK has 16 digits."))
        return digits

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in PARTICULARS}


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Decision"), choices=[("", _("– choose –")), *DecisionKind.choices])
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.TextInput())
