"""Sign-in, second factor, appearance."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Agency, User

TOKEN_LENGTH = 6


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "User name or password is not right. After five wrong tries the account is locked for 15 minutes."
        ),
        "inactive": _("This account is not active. Ask your administrator."),
    }


class PortalPasswordForm(PasswordChangeForm):
    pass


class TokenField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Code from the app"),
            max_length=16,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "autofocus": True,
                    "class": "form-control",
                }
            ),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).replace(" ", "")


class SecondFactorForm(forms.Form):
    """The code of an enrolled device, or one of the recovery codes."""

    token = TokenField(help_text=_("Six digits, or one of your recovery codes."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.device: Any = None

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        self.device = match_token(self.user, token)
        if self.device is None:
            if any(not device.verify_is_allowed()[0] for device in devices_for_user(self.user)):
                raise forms.ValidationError(_("Too many wrong codes. Wait a minute, then try again."))
            raise forms.ValidationError(_("That code is not right. Check that your phone shows the right time."))
        return token


class SecondFactorSetupForm(forms.Form):
    """Proves that the phone really holds the new secret before it is required."""

    token = TokenField(help_text=_("Type the six digits that the app shows now."))

    def __init__(self, *args: Any, device: TOTPDevice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.device = device

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        if not self.device.verify_token(token):
            raise forms.ValidationError(_("That code is not right. Check that your phone shows the right time."))
        return token


class DelegationForm(forms.Form):
    """Who stands in for the head, where, from when to when, and why."""

    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="OPD", empty_label=None)
    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who stands in"))
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, head: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.filter(pk__in=head.headed_agency_ids)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        people = User.objects.filter(is_active=True, memberships__agency__in=agencies).exclude(pk=head.pk)
        self.fields["to"].queryset = people.distinct().order_by("full_name")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
