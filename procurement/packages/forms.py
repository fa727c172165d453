"""Packages, the people on them, and letting one pass."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core.fields import NumberFormField
from core.forms import DayInput
from procurement.choices import Method, OfficerRole, PackageKind
from procurement.models import Package
from programs.models import Program, SubActivity


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


class PackageForm(forms.ModelForm):
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
        widgets = {"rup_published_on": DayInput()}

    def __init__(self, *args: Any, agency: Agency, fiscal_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rebuild_arguments = {"agency": agency, "fiscal_year": fiscal_year}
        program = self.fields["program"]
        programs = Program.objects.filter(agency=agency).of_year(fiscal_year)
        program.queryset = programs  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        program.empty_label = _("– no programme –")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        sub_activity = self.fields["sub_activity"]
        of_year = SubActivity.objects.of_year(fiscal_year).filter(activity__program__in=programs)
        sub_activity.queryset = of_year.select_related("activity__program")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        sub_activity.empty_label = _("– no sub-activity –")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
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
    ceiling_rupiah = NumberFormField(decimals=2, is_amount=True)
    rup_published_on = forms.DateField(required=False)


class OfficerForm(forms.Form):
    """People of the OPD who have an account; whoever has none cannot declare."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Person"))
    role = forms.ChoiceField(choices=OfficerRole, label=_("Task"), initial=OfficerRole.COMMITMENT_OFFICER)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.members_of(agency)  # type: ignore[attr-defined]  # a ModelChoiceField of this form


class ReplaceForm(forms.Form):
    """Who takes the place of somebody who has to be replaced."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who takes the place"))

    def __init__(self, *args: Any, agency: Agency, without: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.members_of(agency).exclude(pk=without.pk)  # type: ignore[attr-defined]  # a ModelChoiceField of this form


class OverrideForm(forms.Form):
    """The head of the OPD lets a package pass although declarations are missing."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the audit trail and in every audit export."),
    )
