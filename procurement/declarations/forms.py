"""Declarations, decisions on them, and the particulars of an official."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.signing import SignatureField
from core.forms import BootstrapFormMixin
from procurement.choices import DecisionKind
from procurement.models import Interest
from procurement.packages.forms import NIK_DIGITS, NPWP_DIGITS


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
            answer.choices = [  # type: ignore[attr-defined]
                ("none", _("I have no interests that could conflict with my tasks.")),
                ("some", _("I have the following interests.")),
            ]


class InterestForm(BootstrapFormMixin, forms.ModelForm):
    party_identity = forms.CharField(
        label=_("Identity number (NIK or NPWP)"), required=False, max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("When you know it. Stored encrypted, shown masked."),
    )  # fmt: skip

    class Meta:
        model = Interest
        fields = ["kind", "nature", "party_name", "party_identity", "relation", "since", "mitigation"]
        help_texts = {
            "relation": _("For example: younger brother is a director."),
            "since": _("For example: 2019"),
            "mitigation": _("What you propose, for example not taking part in the evaluation."),
        }

    def clean_party_identity(self) -> str:
        digits = "".join(character for character in self.cleaned_data["party_identity"] if character.isdigit())
        if self.cleaned_data["party_identity"].strip() and len(digits) not in {NIK_DIGITS, NPWP_DIGITS}:
            raise forms.ValidationError(
                _("A NIK has 16 digits, an NPWP 15 or 16. Leave the field empty when you do not know it.")
            )
        return digits


InterestFormSet = forms.modelformset_factory(Interest, form=InterestForm, extra=1, max_num=20)


class ProfileForm(BootstrapFormMixin, forms.Form):
    """One's own particulars, compared by machine with suppliers'. Empty fields stay as they are; the boxes remove."""

    identity = forms.CharField(
        label="NIK",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    account = forms.CharField(label=_("Bank account"), required=False, max_length=60, help_text=_("Bank and number."))
    forget = forms.MultipleChoiceField(
        label=_("Remove"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("identity", "NIK"), ("phone", _("Telephone")), ("address", _("Address")), ("account", _("Bank account"))],
    )  # fmt: skip

    def __init__(self, *args: Any, held: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, shown in held.items():
            self.fields[name].help_text = _("Kept: %(shown)s. Type only to replace it.") % {"shown": shown}

    def clean_identity(self) -> str:
        digits = "".join(character for character in self.cleaned_data["identity"] if character.isdigit())
        if self.cleaned_data["identity"].strip() and len(digits) != NIK_DIGITS:
            raise forms.ValidationError(_("A NIK has 16 digits."))
        return digits


class ReplaceForm(BootstrapFormMixin, forms.Form):
    """Who takes the place of somebody who has to be replaced."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who takes the place"))

    def __init__(self, *args: Any, agency: Agency, without: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.members_of(agency).exclude(pk=without.pk)  # type: ignore[attr-defined]


class DecisionForm(BootstrapFormMixin, forms.Form):
    kind = forms.ChoiceField(label=_("Decision"), choices=DecisionKind)
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(BootstrapFormMixin, forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.TextInput())
