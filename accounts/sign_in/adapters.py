"""What django-allauth asks the portal while somebody signs in."""

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import letters, ways_in
from accounts.client_address import client_address
from accounts.models import User
from accounts.sign_in import codes, limits, services
from core import encryption

# What allauth would say after each sign-in and sign-out; the page that follows says it.
SAID_BY_THE_PAGE = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "account/messages/password_changed.txt",
    "mfa/messages/totp_activated.txt",
    "mfa/messages/webauthn_added.txt",
    "mfa/messages/webauthn_removed.txt",
    "mfa/messages/recovery_codes_generated.txt",
}


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up, the portal's own limits, and its own notices in place of allauth's mails."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy(
            "User name or password is not right. After five wrong tries the account is locked for 15 minutes."
        ),
        "incorrect_code": gettext_lazy("That code is not right, or was used already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        limits.check(credentials.get("username", ""), client_address(request))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        limits.record(credentials.get("username", ""), client_address(request))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The session begins here, after password, passkey or SSO, and after the second factor."""
        super().login(request, user)
        assert isinstance(user, User)  # noqa: S101 (AUTH_USER_MODEL)
        services.begin_session(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        del user
        messages.error(request, _("This account is not active. Ask your administrator."))
        return redirect("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Never by allauth: `accounts.reauthentication` stands before every view of these."""
        del app, kwargs
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in SAID_BY_THE_PAGE:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """By the portal's configured address, not by the Host header of whoever asks."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.PORTAL_ADDRESS}{path.replace('UID-KEY', key)}"

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """To the address in the account, not to the one that was typed; to none that only an administrator knows of."""
        del email
        assert isinstance(user, User)  # noqa: S101 (AUTH_USER_MODEL)
        if ways_in.to_confirm(user, "email"):
            ways_in.withhold_link(user)
            return
        super().send_password_reset_mail(user, user.email, context)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the worker, like every letter."""
        message = self.render_mail(template_prefix, email, context | {"request": self.request, "email": email})
        letters.post([email], message.subject, message.body)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """`accounts.services.tell` does it, as a notice too."""


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are stored encrypted; whoever needs a second factor keeps one."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def _get_site_name(self) -> str:
        return _("Kaltim Portal")

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        picture: str = segno.make(url, error="m").svg_inline(
            scale=5, border=2, omitsize=True, svgclass="qr", lineclass=None
        )
        return picture

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user: Any = authenticator.user
        others = Authenticator.objects.filter(user_id=user.pk, type__in=codes.FACTORS).exclude(pk=authenticator.pk)
        return others.exists() or not services.must_have_second_factor(user)
