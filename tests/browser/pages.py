"""Which page an address is, and which pages are there only when something went before."""

import re
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

# Only there when something went before: their own walks look at them.
ELSEWHERE = {
    "account_reset_password",
    "accounts:draft",
    "account_reset_password_from_key",
    "mfa_login_webauthn",
    "mfa_authenticate",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_remove_webauthn",
    "openid_connect_callback",
    "accounts:sign-in-again",
    "accounts:enrolment",
    "accounts:enrol",
    "accounts:confirm",
    "evidence:signature",
    "evidence:signature-of",
    "programs:edit-rule",
    "procurement:outside-dataset",
    "uploads:upload",
    "procurement:audit-file",
    "programs:entry-start",  # only leads on to the period that is due
}


def name_of(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None


def figure_like(number: int) -> re.Pattern[str]:
    """As it was typed, or as the page writes it once it is saved."""
    return re.compile(rf"^({number}|{f'{number:,}'.replace(',', '[.]')})$")
