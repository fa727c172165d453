"""Packages, people on them, declarations, decisions."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.signing import SignatureField
from core.fields import NumberFormField
from core.forms import BootstrapFormMixin
from procurement.choices import DecisionKind, LeadState, Method, OfficerRole, PackageKind
from procurement.models import Interest, Package
from programs.models import Program, SubActivity

NIK_DIGITS, NPWP_DIGITS = 16, 15


class RupField(forms.CharField):
    """Another package of the OPD, by its RUP code: a list of thousands would not open on a slow line."""

    def __init__(self, *, agency: Agency, **kwargs: Any) -> None:
        self.agency = agency
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control"})
        super().__init__(required=False, max_length=12, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        found = Package.objects.filter(agency=self.agency, rup_code=code).first()
        if found is None:
            raise forms.ValidationError(_("No package of this OPD has the RUP code %(code)s."), params={"code": code})
        return found


class PackageForm(BootstrapFormMixin, forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Package
        fields = [
            "rup_code",
            "name",
            "kind",
            "method",
            "self_managed_type",
            "program",
            "sub_activity",
            "ceiling_rupiah",
            "hps_rupiah",
            "rup_published_on",
            "kbki_code",
            "is_framework",
            "designed_in",
            "repeats",
        ]
        widgets = {"rup_published_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, agency: Agency, fiscal_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rebuild_arguments = {"agency": agency, "fiscal_year": fiscal_year}
        program = self.fields["program"]
        programs = Program.objects.filter(agency=agency).of_year(fiscal_year)
        program.queryset = programs  # type: ignore[attr-defined]
        program.empty_label = _("– no programme –")  # type: ignore[attr-defined]
        sub_activity = self.fields["sub_activity"]
        of_year = SubActivity.objects.of_year(fiscal_year).filter(activity__program__in=programs)
        sub_activity.queryset = of_year.select_related("activity__program")  # type: ignore[attr-defined]
        sub_activity.empty_label = _("– no sub-activity –")  # type: ignore[attr-defined]
        for name in ("designed_in", "repeats"):
            self.fields[name] = RupField(
                label=self.fields[name].label, help_text=self.fields[name].help_text, agency=agency
            )
            held = getattr(self.instance, name)
            self.initial[name] = held.rup_code if held else ""
        self.fields["repeats"].help_text = _("The RUP code of the failed or cancelled package that this one repeats.")
        self.fields["rup_code"].widget.attrs["inputmode"] = "numeric"
        if self.instance.pk and not self.is_bound:
            self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("method") != Method.SELF_MANAGED:
            cleaned["self_managed_type"] = ""
        elif not cleaned.get("self_managed_type"):
            self.add_error("self_managed_type", _("Choose the type of swakelola."))
        sub_activity, program = cleaned.get("sub_activity"), cleaned.get("program")
        if sub_activity is not None and program is None:
            cleaned["program"] = sub_activity.activity.program
        elif sub_activity is not None and sub_activity.activity.program != program:
            self.add_error("sub_activity", _("This sub-activity belongs to another programme."))
        for name in ("designed_in", "repeats"):
            if cleaned.get(name) is not None and cleaned[name].pk == self.instance.pk:
                self.add_error(name, _("That is this package itself."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class MethodCheckForm(forms.Form):
    """What the threshold of a method is looked up by."""

    kind = forms.ChoiceField(choices=PackageKind)
    method = forms.ChoiceField(choices=Method)
    ceiling_rupiah = NumberFormField(decimals=2)
    rup_published_on = forms.DateField(required=False)


class OfficerForm(BootstrapFormMixin, forms.Form):
    """People of the OPD who have an account; whoever has none cannot declare."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Person"))
    role = forms.ChoiceField(choices=OfficerRole, label=_("Task"), initial=OfficerRole.COMMITMENT_OFFICER)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.members_of(agency)  # type: ignore[attr-defined]


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


class ReviewForm(BootstrapFormMixin, forms.Form):
    state = forms.ChoiceField(
        label=_("Result of the review"), choices=[choice for choice in LeadState.choices if choice[0] != LeadState.OPEN]
    )
    note = forms.CharField(label=_("Finding"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class OverrideForm(BootstrapFormMixin, forms.Form):
    """The head of the OPD lets a package pass although declarations are missing."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the audit trail and in every audit export."),
    )  # fmt: skip
