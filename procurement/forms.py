"""Packages, people on them, declarations, decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core.looks import BootstrapFormMixin
from procurement.choices import DecisionKind, LeadState, OfficerRole
from procurement.models import Interest, Package
from programs.models import Program

NIK_DIGITS, NPWP_DIGITS = 16, 15


class PackageForm(BootstrapFormMixin, forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Package
        fields = ["rup_code", "name", "kind", "method", "program", "ceiling_rupiah", "hps_rupiah"]

    def __init__(self, *args: Any, agency: Agency, fiscal_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rebuild_arguments = {"agency": agency, "fiscal_year": fiscal_year}
        program = self.fields["program"]
        program.queryset = Program.objects.filter(agency=agency).of_year(fiscal_year)  # type: ignore[attr-defined]
        program.empty_label = _("– no programme –")  # type: ignore[attr-defined]
        self.fields["rup_code"].widget.attrs["inputmode"] = "numeric"
        if self.instance.pk and not self.is_bound:
            self.initial["version"] = self.instance.version

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OfficerForm(BootstrapFormMixin, forms.Form):
    """People of the OPD who have an account; whoever has none cannot declare."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Person"))
    role = forms.ChoiceField(choices=OfficerRole, label=_("Task"), initial=OfficerRole.COMMITMENT_OFFICER)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.members_of(agency)  # type: ignore[attr-defined]


class DeclarationForm(forms.Form):
    """The answer and the oath; the interests themselves are the formset below it."""

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


class DecisionForm(BootstrapFormMixin, forms.Form):
    kind = forms.ChoiceField(label=_("Decision"), choices=DecisionKind)
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(BootstrapFormMixin, forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.TextInput())


class ReviewForm(BootstrapFormMixin, forms.Form):
    state = forms.ChoiceField(
        label=_("Outcome"), choices=[choice for choice in LeadState.choices if choice[0] != LeadState.OPEN]
    )
    note = forms.CharField(label=_("Finding"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class OverrideForm(BootstrapFormMixin, forms.Form):
    """The head of the OPD lets a package pass although declarations are missing."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the audit trail and in every audit export."),
    )  # fmt: skip
