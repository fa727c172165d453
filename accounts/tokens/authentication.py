"""How the API knows a program: `Authorization: Bearer kaltim_…`."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.sign_in.services import must_have_second_factor
from accounts.tokens.services import digest_of, note_use

KEYWORDS = {b"bearer", b"token"}


class ApiTokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        keyword, _space, secret = get_authorization_header(request).partition(b" ")
        if keyword.lower() not in KEYWORDS:
            return None
        digest = digest_of(secret.decode("ascii", "replace").strip())
        row = ApiToken.objects.in_force().select_related("user").filter(digest=digest).first()
        if row is None:
            raise AuthenticationFailed(
                _("This token is unknown, expired or revoked. Make a new one on the account page.")
            )
        if must_have_second_factor(row.user) and not row.with_second_factor:
            raise AuthenticationFailed(
                _("Your role needs a second factor, and this token was made without one. Make a new one.")
            )
        note_use(row)
        return row.user, row

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """Found by drf-spectacular by being imported."""

    target_class = ApiTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        del auto_schema
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Token dari halaman akun: hanya membaca, hanya sumber yang dipilih, sampai kedaluwarsa.",
        }
