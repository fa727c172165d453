"""Keeping what is typed until its form is taken: per person and form, encrypted, for some weeks."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.drafts.models import Draft
from accounts.models import User
from core.access import rule_of
from core.locks import wait_for_lock

KEPT_FOR = dt.timedelta(days=30)
LARGEST = 200_000  # characters of one draft: a long form with every field full
MOST_OF_A_PERSON = 200
MOST_OTHERS = 5  # texts of one field that another tab or device had
KEY = re.compile(r"[0-9a-z]{1,20}", re.ASCII)
SIGNER = Signer(salt="accounts.drafts.owner")


@dataclass(frozen=True)
class SentDraft:
    """What a browser sends of one form."""

    key: str
    page: str
    title: str
    place: str
    fields: dict[str, Any]
    seen: str  # when the draft was saved that this browser knows; empty where it knows none


def owner_mark(user: User) -> str:
    """Names the person to their own page: a tab that was left open keeps nothing in the name of who came after."""
    return SIGNER.sign(str(user.pk))


def is_of(mark: str, user: User) -> bool:
    try:
        return SIGNER.unsign(mark) == str(user.pk)
    except BadSignature:
        return False


def check_may_keep(user: User, page: str) -> None:
    """Only for a page that this person may open, and none of those that are for everybody."""
    try:
        rule = rule_of(resolve(urlsplit(page).path).func)
    except Resolver404 as error:
        raise PermissionDenied from error
    if rule is None or rule.public or not rule.admits(user):
        raise PermissionDenied


@transaction.atomic
def keep(*, owner: User, typed: SentDraft) -> Draft:
    """Save the draft; a text that another tab or device kept in the meantime stays beside it."""
    check_may_keep(owner, typed.page)
    wait_for_lock(f"draft {owner.pk} {typed.key}")
    draft = Draft.objects.visible_to(owner).filter(key=typed.key).first() or Draft(owner=owner, key=typed.key)
    if draft.pk and draft.saved_at.isoformat() != typed.seen:
        _keep_others(json.loads(draft.content), typed.fields)
    content = json.dumps(typed.fields)
    if len(content) > LARGEST:
        raise ValidationError(_("This is more than a draft can keep."))
    draft.page, draft.title, draft.place = typed.page, typed.title, typed.place
    draft.content, draft.saved_at = content, timezone.now()
    draft.save()
    _forget_oldest(owner)
    return draft


def _keep_others(before: dict[str, Any], now: dict[str, Any]) -> None:
    """Into `now`, what the saved draft says of a field otherwise, or says alone."""
    for name, field in before.items():
        mine = now.setdefault(name, field)
        if mine is not field and mine["t"] != field["t"]:
            others = [*field.get("o", []), field["t"], *mine.get("o", [])]
            mine["o"] = [text for number, text in enumerate(others) if text not in others[:number]][-MOST_OTHERS:]


def _forget_oldest(owner: User) -> None:
    kept = Draft.objects.visible_to(owner).order_by("-saved_at", "-pk").values("pk")[:MOST_OF_A_PERSON]
    Draft.objects.visible_to(owner).exclude(pk__in=kept).delete()


def content_of(draft: Draft) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(draft.content)
    return fields


@transaction.atomic
def taken(*, owner: User, key: str, left: Iterable[str]) -> None:
    """The form of the draft was taken, but for what is `left`: fields that it had no place for."""
    draft = Draft.objects.visible_to(owner).filter(key=key).select_for_update().first()
    if draft is None:
        return
    fields = content_of(draft)
    remaining = {name: fields[name] for name in left if name in fields}
    if not remaining:
        draft.delete()
        return
    draft.content, draft.saved_at = json.dumps(remaining), timezone.now()
    draft.save()


def discard(*, owner: User, keys: Iterable[str]) -> int:
    """Their form was taken, or the person wants them no more."""
    gone, _kinds = Draft.objects.visible_to(owner).filter(key__in=list(keys)).delete()
    return gone


def forget() -> int:
    """Those that nobody came back for, and those of people who left; how many."""
    late = Q(saved_at__lt=timezone.now() - KEPT_FOR)
    gone, _kinds = Draft.objects.filter(late | Q(owner__is_active=False)).delete()
    return gone
