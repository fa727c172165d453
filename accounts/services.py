"""What changes several rows of an account at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import letters
from accounts.drafts.models import Draft
from accounts.models import Notice, NoticesByMail, Session, User
from accounts.permissions import require_role
from accounts.proofs import record_roles
from accounts.sessions import handle_of
from core import audit
from core.choices import Role
from core.text import shortened


def notify(users: Iterable[User], text: str, url: str, *, more: str = "") -> None:
    """Put a notice into each user's list, once per user, and write at once to whoever wants each by mail; the daily
    digest takes the others from the list. `more` stands in the letter under the text."""
    people = _put(users, text, url)
    wanted = sorted((user for user in people if _wants_each(user)), key=lambda user: user.language)
    for language, readers in groupby(wanted, key=lambda user: user.language):
        with translation.override(language):
            why = _("You get a letter for each notice; your account page offers another choice: %(address)s")
            address = f"{settings.PORTAL_ADDRESS}{reverse('accounts:account')}"
            _mail([user.email for user in readers], text, url, why % {"address": address}, more)


def _put(users: Iterable[User], text: str, url: str, *, mailed: bool = False) -> list[User]:
    """Into the list of each, once; who they are. What is mailed now is left out of a later digest."""
    people = list({user.pk: user for user in users}.values())
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(user=user, text=shortened(text, 300), url=url, mailed_at=now if mailed or _wants_each(user) else None)
        for user in people
    )
    return people


def _wants_each(user: User) -> bool:
    return bool(user.is_active and user.email and user.notices_by_mail == NoticesByMail.AT_ONCE)


def tell(user: User, text: str, url: str) -> None:
    """Something happened to the person's own account: a notice and a mail, each time."""
    _put([user], text, url, mailed=bool(user.email))
    with translation.override(user.language):
        why = _("You get this message because it concerns your own account.")
    _mail([user.email] if user.email else [], text, url, why)


def mail(addresses: list[str], subject: str, text: str, link: str) -> None:
    """A letter about the account itself, with a link."""
    letters.post(addresses, subject, f"{text}\n\n{link}\n")


def remind(users: Iterable[User], text: str, url: str, today: dt.date, *, more: str = "") -> int:
    """`notify`, once per person, text and day; returns how many people were told."""
    there = set(
        Notice.objects.filter(text=shortened(text, 300), created_at__date=today).values_list("user_id", flat=True)
    )
    people = [user for user in {user.pk: user for user in users}.values() if user.pk not in there]
    notify(people, text, url, more=more)
    return len(people)


def tell_administrators(text: str, url: str = "/") -> int:
    """What they should know of the portal itself, by notice and mail, once a day; how many were told."""
    people = User.objects.with_role(Role.ADMINISTRATOR) | User.objects.filter(is_superuser=True, is_active=True)
    return remind(people.distinct(), text, url, timezone.localdate())


def _mail(addresses: list[str], text: str, url: str, why: str, more: str = "") -> None:
    said = f"{text}\n\n{more}" if more else text
    letters.post(addresses, shortened(text, 120), f"{said}\n\n{settings.PORTAL_ADDRESS}{url}\n\n{why}\n")


@transaction.atomic
def send_digests() -> int:
    """One letter for everybody who wants one a day and has something unread; how many letters. Run twice, the second
    time finds nothing."""
    rows = list(
        Notice.objects.for_digest().select_for_update(of=("self",)).select_related("user").order_by("user", "pk")
    )
    for _pk, group in groupby(rows, key=lambda row: row.user_id):
        _send_digest(list(group))
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=timezone.now())
    return len({row.user_id for row in rows})


def _send_digest(notices: list[Notice]) -> None:
    lines = [f"- {row.text}\n  {settings.PORTAL_ADDRESS}{row.url}" for row in notices]
    with translation.override(notices[0].user.language):
        count = ngettext("%(count)s unread notice", "%(count)s unread notices", len(notices)) % {"count": len(notices)}
        why = _("You get one letter a day because you chose so on your account page: %(address)s") % {
            "address": f"{settings.PORTAL_ADDRESS}{reverse('accounts:account')}"
        }
    letters.post([notices[0].user.email], count, "\n".join([*lines, "", why, ""]))


def read_notices(user: User) -> int:
    return Notice.objects.filter(user=user).unread().update(read_at=timezone.now())


@transaction.atomic
def end_session(*, user: User, handle: str) -> bool:
    """End one of the user's own sessions. False when there is none of that handle (any more)."""
    keys = [row.pk for row in Session.objects.filter(user_id=user.pk) if handle_of(row.session_key) == handle]
    deleted, _rows = Session.objects.filter(pk__in=keys).delete()
    if deleted:
        audit.record("session.ended", user, by=user)
    return bool(deleted)


@transaction.atomic
def end_other_sessions(*, user: User, current: SessionBase) -> int:
    deleted, _rows = Session.objects.filter(user_id=user.pk).exclude(session_key=current.session_key).delete()
    audit.record("session.others_ended", user, by=user, count=deleted)
    return deleted


@transaction.atomic
def change_password(*, user: User, password: str, current: SessionBase) -> None:
    """The new password; every other browser is signed out. The caller has asked for the former one."""
    user.set_password(password)
    user.save()
    end_other_sessions(user=user, current=current)
    audit.record("password.changed", user, by=user)
    tell(user, _("Your password was changed on the account page."), "/akun/")


@transaction.atomic
def change_preferences(*, user: User, phone: str, language: str, notices_by_mail: str) -> None:
    """What somebody decides about their own account. Whoever chooses the digest gets in it what comes from now on."""
    if notices_by_mail != User.objects.values_list("notices_by_mail", flat=True).get(pk=user.pk):
        Notice.objects.filter(user=user, mailed_at__isnull=True).update(mailed_at=timezone.now())
    user.phone, user.language, user.notices_by_mail = phone, language, notices_by_mail
    user.save(update_fields=["phone", "language", "notices_by_mail"])


def choose_appearance(*, user: User, dark_mode: str) -> None:
    """Light, dark, or as the device says; anything else changes nothing."""
    if dark_mode in {"auto", "light", "dark"}:
        user.dark_mode = dark_mode
        user.save(update_fields=["dark_mode"])


def account_changed(*, user: User, fields: list[str], former: Mapping[str, Any], by: User) -> None:
    """After an administrator's change of a person's account: the trail, and a word to the person at both addresses."""
    check_may_keep_accounts(by)
    if not fields:
        return
    audit.record("account.changed", user, by=by, fields=fields)
    known = {field.name: str(field.verbose_name) for field in User._meta.fields}  # noqa: SLF001 (Django's API)
    names = ", ".join(known.get(name, name) for name in fields)
    text = _("%(by)s changed your account: %(fields)s.") % {"by": by, "fields": names}
    tell(user, text, "/akun/")
    old = former.get("email")
    if "email" in fields and old:
        _mail([old], text, "/akun/", _("You get this message because it concerns your own account."))
    if "is_active" in fields and not user.is_active:
        Session.objects.filter(user_id=user.pk).delete()
        Draft.objects.visible_to(user).delete()


def roles_changed(*, user: User, by: User) -> None:
    """After an administrator's change of a person's roles."""
    check_may_keep_accounts(by)
    held = record_roles(user, actor=by)
    tell(user, _("%(by)s changed your roles: %(roles)s.") % {"by": by, "roles": held}, "/akun/")


def check_may_keep_accounts(user: User) -> None:
    require_role(user, Role.ADMINISTRATOR)
