"""Codes of the second factor: from the app, or from the sheet of recovery codes. Each opens once.

django-allauth holds and checks them; that a code of the app is spent it remembers in the cache only, so that is ours.
"""

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import connection
from django.utils.crypto import constant_time_compare

from accounts.models import User
from core.sql import statement

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def accepted(user: User, typed: str) -> Authenticator | None:
    """The app or sheet from which the code comes; it is spent by that. None for a wrong or a spent one."""
    code = "".join(typed.split())
    for held in Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.WEBAUTHN):
        if held.type == Authenticator.Type.TOTP:
            step = time_step_of(decrypt(held.data["secret"]), code)
            if step is not None and spend(user, step):
                return held
        elif code.isascii() and held.wrap().validate_code(code):
            return held
    return None


def time_step_of(secret: str, code: str) -> int | None:
    """The time step (30 s) that a code belongs to, one before and one after now included."""
    if not code.isascii() or len(code) != app_settings.TOTP_DIGITS:
        return None
    for step in yield_hotp_counters_from_time():
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), code):
            return int(step)
    return None


def spend(user: User, time_step: int) -> bool:
    """False when this code, or a later one, was used already; decided by PostgreSQL, also between two at once."""
    with connection.cursor() as cursor:
        cursor.execute(statement("spend_code.sql", beside=__file__), {"user": user.pk, "step": time_step})
        return bool(cursor.rowcount)
