"""The password, and who stands in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.sign_in.forms import check_password
from core.forms import NO_DRAFT, DayInput


class PortalPasswordForm(PasswordChangeForm):
    """The former password is asked like at sign-in: wrong ones count."""

    def __init__(self, user: User, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request
        del self.fields["old_password"].widget.attrs["autofocus"]  # the account page opens at its top

    def clean_old_password(self) -> str:
        typed = str(self.cleaned_data["old_password"])
        check_password(self.request, self.user, typed)
        return typed


class PreferencesForm(forms.ModelForm):
    """How one is reached, and in which language one reads. Name, NIP and address are an administrator's to change."""

    class Meta:
        model = User
        fields = ["phone", "notices_by_mail", "language"]
        widgets = {
            "phone": forms.TextInput(attrs=NO_DRAFT | {"type": "tel", "autocomplete": "tel"}),
            "notices_by_mail": forms.RadioSelect,
            "language": forms.RadioSelect,
        }


class DelegationForm(forms.Form):
    """Who stands in for the head, where, from when to when, and why."""

    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="OPD", empty_label=None)
    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who stands in"))
    first_day = forms.DateField(label=_("First day"), widget=DayInput())
    last_day = forms.DateField(label=_("Last day"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, head: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.living().filter(pk__in=head.headed_agency_ids)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        people = User.objects.filter(is_active=True, memberships__agency__in=agencies).exclude(pk=head.pk)
        self.fields["to"].queryset = people.distinct().order_by("full_name")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
