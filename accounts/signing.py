"""Signing: whoever decides or declares shows again who they are, by the second factor, or by the password without
one."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.sign_in.codes import has_second_factor
from accounts.sign_in.forms import check_password, checked_code

if TYPE_CHECKING:
    from accounts.models import User

BY_SECOND_FACTOR, BY_PASSWORD = "totp", "password"


class SignatureField(forms.CharField):
    """Asks for what the user has. `way` says how it is signed; wrong passwords count towards the lock like at
    sign-in."""

    def __init__(self, *, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        self.user: User = request.user  # type: ignore[assignment]  # only signed-in people sign
        self.way = BY_SECOND_FACTOR if has_second_factor(self.user) else BY_PASSWORD
        by_code = self.way == BY_SECOND_FACTOR
        attributes = (
            {"autocomplete": "one-time-code", "inputmode": "numeric"}
            if by_code
            else {"autocomplete": "current-password"}
        )
        super().__init__(
            label=_("Sign: code from the app") if by_code else _("Sign: your password"),
            help_text=_("Six digits, or one of your recovery codes.") if by_code else _("As when you sign in."),
            max_length=16 if by_code else 128,
            strip=by_code,
            widget=(forms.TextInput if by_code else forms.PasswordInput)(attrs=attributes | {"class": "form-control"}),
            error_messages={"required": _("Sign with it, so that it is certain that you declare.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if self.way == BY_PASSWORD:
            check_password(self.request, self.user, typed)
        else:
            checked_code(self.request, self.user, typed)
        return self.way
