"""Sign-in, codes and new passwords, on django-allauth's forms."""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.client_address import client_address
from accounts.models import User
from accounts.sign_in import codes, limits
from core import audit

LONGEST_PASSWORD = 4096  # as at sign-in: who chose a long sentence must be able to confirm with it


class SignInForm(LoginForm):
    """By user name: an e-mail address may be shared by an office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("User name"), _("Password")
        login.widget.attrs = {"autocomplete": "username webauthn", "autofocus": True, "autocapitalize": "none"}
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""

    @property
    def is_closed(self) -> bool:
        return bool(self.has_error("__all__", code="too_many"))


class CodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        super().__init__(
            label=_("Code from the app"), max_length=16, widget=forms.TextInput(attrs=attributes), **kwargs
        )


def checked_code(request: HttpRequest, user: User, typed: str) -> Authenticator:
    """The app or sheet that the code belongs to. Raises ValidationError; wrong codes count like wrong passwords."""
    address = client_address(request)
    limits.check(user.get_username(), address)
    found = codes.accepted(user, typed)
    if found is None:
        limits.record(user.get_username(), address)
        raise forms.ValidationError(
            _("That code is not right, or was used already. Wait for the next one, and check your phone's clock.")
        )
    if found.type == Authenticator.Type.RECOVERY_CODES:
        audit.record("recovery_code.used", user, by=user)
    return found


class CodeForm(AuthenticateForm):
    """The second step of signing in."""

    code = CodeField(help_text=_("Six digits, or one of your recovery codes."))

    def clean_code(self) -> str:
        self.authenticator = checked_code(context.request, self.user, self.cleaned_data["code"])
        return str(self.cleaned_data["code"])


def tolerant(clean: Callable[..., Any]) -> Callable[..., Any]:
    """A credential that no browser would send is a wrong one, not an error of the server."""

    def cleaned(self: Any) -> Any:
        try:
            return clean(self)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise forms.ValidationError(WRONG_KEY) from error

    return cleaned


WRONG_KEY = _("The passkey was not accepted. Try again, or use another way.")


class KeyForm(AuthenticateWebAuthnForm):
    clean_credential = tolerant(AuthenticateWebAuthnForm.clean_credential)


class KeySignInForm(LoginWebAuthnForm):
    clean_credential = tolerant(LoginWebAuthnForm.clean_credential)


class NewKeyForm(AddWebAuthnForm):
    """Every key becomes a passkey: it signs in by itself, unlocked by a finger, a face or a PIN."""

    name = forms.CharField(
        label=_("Name of the key"),
        max_length=60,
        required=False,
        help_text=_("So that you know it again, for example: office laptop."),
    )
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
    clean = tolerant(AddWebAuthnForm.clean)


class SetupForm(forms.Form):
    """Proves that the phone really holds the new secret before it is required."""

    code = CodeField(help_text=_("Type the six digits that the app shows now."))

    def __init__(self, *args: Any, request: HttpRequest, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.secret = request, secret
        self.time_step = 0

    def clean_code(self) -> str:
        user, address = self.request.user, client_address(self.request)
        limits.check(user.get_username(), address)
        step = codes.time_step_of(self.secret, "".join(self.cleaned_data["code"].split()))
        if step is None:
            limits.record(user.get_username(), address)
            raise forms.ValidationError(_("That code is not right. Check that your phone shows the right time."))
        self.time_step = step
        return str(self.cleaned_data["code"])


class LinkRequestForm(ResetPasswordForm):
    """Says the same whether there is such an account or not."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "email" in cleaned:
            limits.check_link(cleaned["email"], client_address(context.request))
        return cleaned


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"password1": _("New password"), "password2": _("New password once more")}
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.widget.attrs = label, {"autocomplete": "new-password"}
        self.fields["password1"].help_text = _("At least twelve characters; a sentence is easy to remember.")


class ConfirmForm(forms.Form):
    """Who is it really: a code where there is an app, a passkey where there is one, else the password."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User = request.user  # type: ignore[assignment]  # only signed-in people are asked
        kinds = set(Authenticator.objects.filter(user_id=self.user.pk).values_list("type", flat=True))
        self.has_key = Authenticator.Type.WEBAUTHN in kinds
        self.by_code = bool(kinds - {Authenticator.Type.WEBAUTHN})
        self.by_password = not kinds and self.user.has_usable_password()
        self.way: dict[str, Any] = {}
        if self.has_key:
            self.fields["confirm_key"] = forms.JSONField(required=False, widget=forms.HiddenInput)
        if self.by_code:
            self.fields["confirm_code"] = CodeField(
                required=not self.has_key, help_text=_("Six digits, or one of your recovery codes.")
            )
            self.fields["confirm_code"].widget.attrs["autofocus"] = True  # the page asks for nothing else
        if self.by_password:
            self.fields["confirm_password"] = forms.CharField(
                label=_("Your password"),
                max_length=LONGEST_PASSWORD,
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned.get("confirm_key"):
            self._by("mfa", self._key(cleaned["confirm_key"]))
        elif cleaned.get("confirm_code"):
            self._by("mfa", checked_code(self.request, self.user, cleaned["confirm_code"]))
        elif self.by_password:
            check_password(self.request, self.user, cleaned["confirm_password"])
            self._by("password", None)
        else:
            raise forms.ValidationError(_("Type the code, or use your passkey."))
        return cleaned

    def _by(self, method: str, authenticator: Authenticator | None) -> None:
        self.way = {"method": method, "reauthenticated": True}
        if authenticator is not None:
            authenticator.record_usage()
            self.way |= {"id": authenticator.pk, "type": authenticator.type}

    def _key(self, credential: dict[str, Any]) -> Authenticator:
        form = KeyForm({"credential": credential}, user=self.user)
        form.is_valid()
        if "credential" not in form.cleaned_data:
            raise forms.ValidationError(WRONG_KEY)
        found: Authenticator = form.cleaned_data["credential"]
        return found


def check_password(request: HttpRequest, user: User, typed: str) -> None:
    """One's own password once more. Raises ValidationError; wrong ones count like at sign-in."""
    address = client_address(request)
    limits.check(user.get_username(), address)
    if not user.check_password(typed):
        limits.record(user.get_username(), address)
        raise forms.ValidationError(_("The password is not right. After five wrong tries the account is locked."))
    limits.forget(user.get_username(), address)
