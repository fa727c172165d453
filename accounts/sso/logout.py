"""Signing out at the SSO too (OpenID Connect RP-Initiated Logout 1.0)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from core.encryption import DecryptionError, decrypt

SESSION_KEY = "sso"


def end_session_address(request: HttpRequest) -> str:
    """Where the browser goes to end the session there; empty for a session that did not begin there."""
    kept: dict[str, Any] = request.session.get(SESSION_KEY) or {}
    if not settings.SSO_DISCOVERY_URL or not kept:
        return ""
    try:
        token = decrypt(kept["id_token"])
    except DecryptionError:
        return ""
    back = request.build_absolute_uri(reverse("account_login"))
    client = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["client_id"]
    query = {"id_token_hint": token, "client_id": client, "post_logout_redirect_uri": back}
    separator = "&" if "?" in kept["end_session"] else "?"
    return f"{kept['end_session']}{separator}{urlencode(query)}"
