"""What changes several rows of an account at once."""

import datetime as dt
import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.authtoken.models import Token

from accounts.models import Notice, Session, User
from core import audit
from core.choices import Role

RECOVERY_CODES = 8
logger = logging.getLogger(__name__)


def notify(users: Iterable[User], text: str, url: str) -> None:
    """Put a notice into each user's list, once per user."""
    unique = {user.pk: user for user in users}
    Notice.objects.bulk_create([Notice(user=user, text=text[:300], url=url) for user in unique.values()])


def remind(users: Iterable[User], text: str, url: str, today: dt.date, *, more: str = "") -> int:
    """A notice and an e-mail, once per person, text and day; returns how many people were told.

    `more` stands in the e-mail under the text.
    """
    there = set(Notice.objects.filter(text=text[:300], created_at__date=today).values_list("user_id", flat=True))
    people = [user for user in {user.pk: user for user in users}.values() if user.pk not in there]
    notify(people, text, url)
    addresses = [user.email for user in people if user.email]
    transaction.on_commit(lambda: _mail(addresses, text, url, more))
    return len(people)


def tell_administrators(text: str, url: str = "/") -> int:
    """What they should know of the portal itself, by notice and mail, once a day; how many were told."""
    people = User.objects.with_role(Role.ADMINISTRATOR) | User.objects.filter(is_superuser=True, is_active=True)
    return remind(people.distinct(), text, url, timezone.localdate())


def tell_of_change(*, user: User, by: User, is_password: bool = False) -> None:
    """People hear of changes to their account that somebody else made, by notice and mail."""
    if user.pk == by.pk:
        return
    text = (
        _("%(by)s has set a new password for your account. Was that not agreed? Tell the Inspektorat.")
        if is_password
        else _("%(by)s has changed your account or your roles. Was that not agreed? Tell the Inspektorat.")
    )
    remind([user], text % {"by": by}, "/akun/", timezone.localdate())


def _mail(addresses: list[str], text: str, url: str, more: str = "") -> None:
    """One message each, so that nobody sees the others; a mail server that is away costs nobody the notice."""
    why = _("You get this message because of your role in the portal.")
    said = f"{text}\n\n{more}" if more else text
    body = f"{said}\n\n{settings.PORTAL_ADDRESS}{url}\n\n{why}\n"
    for address in addresses:
        try:
            send_mail(text[:120], body, None, [address])
        except (OSError, SMTPException) as error:
            logger.warning("mail to %s not sent: %s", address.partition("@")[2], error)


def read_notices(user: User) -> int:
    return Notice.objects.filter(user=user).unread().update(read_at=timezone.now())


@transaction.atomic
def end_session(*, user: User, session_key: str) -> bool:
    """End one of the user's own sessions. False when there is none of that key (any more)."""
    deleted, _rows = Session.objects.filter(user_id=user.pk, session_key=session_key).delete()
    if deleted:
        audit.record("session.ended", user, by=user)
    return bool(deleted)


@transaction.atomic
def end_other_sessions(*, user: User, current: SessionBase) -> int:
    deleted, _rows = Session.objects.filter(user_id=user.pk).exclude(session_key=current.session_key).delete()
    audit.record("session.others_ended", user, by=user, count=deleted)
    return deleted


def unconfirmed_device(user: User) -> TOTPDevice:
    """The second factor that is being set up; the same one until it is confirmed."""
    device, _made = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return device


@transaction.atomic
def confirm_device(*, user: User, device: TOTPDevice) -> list[str]:
    """The device takes the place of the former one; returns new codes for the day it is lost."""
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    StaticDevice.objects.filter(user=user).delete()
    spare = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=spare, token=code) for code in codes])
    audit.record("second_factor.set_up", user, by=user)
    return codes


@transaction.atomic
def change_password(*, user: User, password: str, current: SessionBase) -> None:
    """The new password; every other browser is signed out. The caller has asked for the former one."""
    user.set_password(password)
    user.save()
    end_other_sessions(user=user, current=current)
    audit.record("password.changed", user, by=user)


def choose_appearance(*, user: User, dark_mode: str) -> None:
    """Light, dark, or as the device says; anything else changes nothing."""
    if dark_mode in {"auto", "light", "dark"}:
        user.dark_mode = dark_mode
        user.save(update_fields=["dark_mode"])


@transaction.atomic
def renew_api_token(*, user: User) -> Token:
    """A new token; the old one stops working. Shown once."""
    Token.objects.filter(user=user).delete()
    audit.record("token.renewed", user, by=user)
    token: Token = Token.objects.create(user=user)
    return token
