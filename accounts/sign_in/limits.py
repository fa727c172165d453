"""How many wrong passwords and codes are too many: for an account from one place, for an account, for a place.

Counted in PostgreSQL, because a limit in a cache is gone with it. The limit of an account does not hold where its owner
has signed in before: otherwise a stranger who keeps trying could lock anybody out of their work.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import places
from accounts.models import FailedTry, KnownPlace, User
from accounts.services import remind
from core import audit

logger = logging.getLogger(__name__)
KEPT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many wrong tries within so many minutes; `why` is what the person reads."""

    tries: int
    minutes: int
    why: str

    def reached(self, tries: QuerySet[FailedTry]) -> bool:
        since = timezone.now() - dt.timedelta(minutes=self.minutes)
        return tries.filter(at__gt=since).count() >= self.tries


OF_ACCOUNT_AND_PLACE = Limit(5, 15, gettext_noop("Five wrong tries. Wait %(minutes)s minutes, then try again."))
OF_ACCOUNT = Limit(
    20,
    60,
    gettext_noop(
        "Somebody has tried too many wrong passwords for this account. It stays closed for %(minutes)s minutes from "
        "places where you have not signed in before. Sign in from your usual place, or ask your administrator."
    ),
)
OF_PLACE = Limit(
    20, 15, gettext_noop("Too many wrong tries from your network. Wait %(minutes)s minutes, or use another connection.")
)


LINKS, FILES = "lupa:", "berkas:"  # no name of an account has a colon
LINKS_OF_PLACE = Limit(60, 15, OF_ACCOUNT_AND_PLACE.why)
FILES_OF_PLACE = Limit(
    30, 15, gettext_noop("Many files were verified from your network. Wait %(minutes)s minutes, or sign in.")
)


class TooManyTriesError(ValidationError):
    """Nothing is checked any more until the time is over."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(_(limit.why) % {"minutes": limit.minutes}, code="too_many")


def check(account: str, address: str | None) -> None:
    """Before a password or code is looked at. Raises TooManyTriesError."""
    account = _key(account)
    of_account = FailedTry.objects.filter(account=account)
    if OF_ACCOUNT_AND_PLACE.reached(of_account.filter(address=address)):
        raise TooManyTriesError(OF_ACCOUNT_AND_PLACE)
    if _is_known(account, address):  # one colleague's slips close nobody else's door in the same office
        return
    of_place = FailedTry.objects.filter(address=address)
    if OF_PLACE.reached(of_place.exclude(account__startswith=LINKS).exclude(account__startswith=FILES)):
        raise TooManyTriesError(OF_PLACE)
    if OF_ACCOUNT.reached(of_account):
        raise TooManyTriesError(OF_ACCOUNT)


def check_link(email: str, address: str | None) -> None:
    """Before a letter with a link is asked for, right or wrong. Raises TooManyTriesError. Counted apart: whoever forgot
    a password has tried none."""
    links = FailedTry.objects.filter(account__startswith=LINKS, address=address)
    if OF_ACCOUNT_AND_PLACE.reached(links.filter(account=_key(LINKS + email))) or LINKS_OF_PLACE.reached(links):
        raise TooManyTriesError(OF_ACCOUNT_AND_PLACE)
    FailedTry.objects.create(account=_key(LINKS + email), address=address)


def check_file(address: str | None) -> None:
    """Before a file is looked at for whoever is not signed in; counted apart as well. Raises TooManyTriesError."""
    if FILES_OF_PLACE.reached(FailedTry.objects.filter(account=FILES, address=address)):
        raise TooManyTriesError(FILES_OF_PLACE)
    _forget_old()
    FailedTry.objects.create(account=FILES, address=address)


def record(account: str, address: str | None) -> None:
    """A wrong one. The owner is told once a day when it goes beyond a slip of the finger."""
    account = _key(account)
    _forget_old()
    FailedTry.objects.create(account=account, address=address)
    of_account = FailedTry.objects.filter(account=account)
    locks = OF_ACCOUNT_AND_PLACE.reached(of_account.filter(address=address)) or OF_ACCOUNT.reached(of_account)
    owner = User.objects.filter(username__iexact=account, is_active=True).first()
    if not locks or owner is None:
        return
    logger.warning("sign-in closed for %s after wrong tries, the last from %s", account, address)
    text = _("Wrong passwords or codes were tried for your account. If that was not you, change your password.")
    if remind([owner], text, "/akun/", timezone.localdate()):
        audit.record("sign_in.closed", owner, by=None, address=address or "")


def forget(account: str, address: str | None) -> None:
    """After the right one: the slips before it count no longer, here."""
    FailedTry.objects.filter(account=_key(account), address=address).delete()


def _forget_old() -> None:
    FailedTry.objects.filter(at__lt=timezone.now() - KEPT).delete()


def _key(account: str) -> str:
    return account.strip().lower()[:150]


def _is_known(account: str, address: str | None) -> bool:
    return KnownPlace.objects.filter(user__username__iexact=account, network=places.network_of(address)).exists()
