"""Keeping what is typed until its form is taken: per person and form, encrypted, for some weeks."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
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
from core.request_values import whole_number

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
    known: "KnownTexts"


@dataclass(frozen=True)
class KnownTexts:
    """What the page that speaks knows of: its own texts, and those that it had found and shown when it was opened.

    Every text of a draft bears who typed it, `TAB.NUMBER` (`w`), the numbers of a tab rising; what a page does not know
    of is not its to remove, and that is also what it typed after it sent this letter.
    """

    tab: str
    number: int
    texts: frozenset[str] = frozenset()

    @classmethod
    def said_by(cls, sent: Any) -> "KnownTexts":
        """`["TAB.NUMBER", text, …]` as a browser sends it: its own up to that number, and the texts that it found."""
        names = [name for name in sent if isinstance(name, str)] if isinstance(sent, list) else []
        return cls(*_tab_and_number(names[0]), frozenset(names[1:])) if names else cls("", 0)

    def has(self, text: Mapping[str, Any]) -> bool:
        tab, number = _tab_and_number(text["w"])
        return not text["w"] or text["w"] in self.texts or (tab == self.tab and number <= self.number)

    def is_behind(self, text: Mapping[str, Any]) -> bool:
        """Whether the same tab has typed this later: its letters may overtake one another on their way."""
        tab, number = _tab_and_number(text["w"])
        return bool(tab) and tab == self.tab and number > self.number


def _tab_and_number(name: str) -> tuple[str, int]:
    tab, _point, number = name.partition(".")
    return tab, whole_number(number, digits=9) or 0


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
def keep(*, owner: User, typed: SentDraft) -> Draft | None:
    """Save the draft; a text that another tab or device kept in the meantime stays beside it. None where nothing is
    left of it."""
    check_may_keep(owner, typed.page)
    wait_for_lock(f"draft {owner.pk} {typed.key}")
    draft = Draft.objects.visible_to(owner).filter(key=typed.key).first() or Draft(owner=owner, key=typed.key)
    if draft.pk:
        _keep_others(content_of(draft), typed)
    if not typed.fields:
        if draft.pk:
            draft.delete()
        return None
    content = json.dumps(typed.fields)
    if len(content) > LARGEST:
        raise ValidationError(_("This is more than a draft can keep."))
    draft.page, draft.title, draft.place = typed.page, typed.title, typed.place
    draft.content, draft.saved_at = content, timezone.now()
    draft.save()
    _forget_oldest(owner)
    return draft


def _keep_others(before: dict[str, Any], typed: SentDraft) -> None:
    """Into what was sent, what the saved draft says of a field otherwise, or says alone, unknown to the sender."""
    for name, field in before.items():
        if any(typed.known.is_behind(text) for text in _texts(field)):
            typed.fields[name] = field
            continue
        foreign = [text for text in _texts(field) if not typed.known.has(text)]
        mine = typed.fields.get(name)
        if mine is None and foreign:
            typed.fields[name] = _led_by(field, foreign)
        elif mine is not None:
            others = [text for text in foreign if text["t"] not in [mine["t"], *(each["t"] for each in mine["o"])]]
            mine["o"] = [*others, *mine["o"]][-MOST_OTHERS:]


def _texts(field: dict[str, Any]) -> list[dict[str, Any]]:
    """The field's own text and those beside it: {t, w}."""
    return [{"t": field["t"], "w": field["w"]}, *field["o"]]


def _led_by(field: dict[str, Any], texts: list[dict[str, Any]]) -> dict[str, Any]:
    return {**field, **texts[0], "o": texts[1:]}


def _forget_oldest(owner: User) -> None:
    kept = Draft.objects.visible_to(owner).order_by("-saved_at", "-pk").values("pk")[:MOST_OF_A_PERSON]
    Draft.objects.visible_to(owner).exclude(pk__in=kept).delete()


def content_of(draft: Draft) -> dict[str, Any]:
    """Field → {t: text, b: what the form showed, l: label, w: who typed it, o: other texts, each {t, w}}."""
    fields: dict[str, Any] = json.loads(draft.content)
    for field in fields.values():  # as drafts were kept before texts bore their tab
        field.setdefault("w", "")
        field["o"] = [each if isinstance(each, dict) else {"t": each, "w": ""} for each in field.get("o", [])]
    return fields


@transaction.atomic
def taken(*, owner: User, key: str, left: Iterable[str], known: KnownTexts, sent: Mapping[str, list[str]]) -> None:
    """The form of the draft was taken, but for what is `left` (fields that it had no place for), and what another tab
    or device has typed that neither the sender knew nor the form says."""
    draft = Draft.objects.visible_to(owner).filter(key=key).select_for_update().first()
    if draft is None:
        return
    remaining, homeless = {}, set(left)
    for name, field in content_of(draft).items():
        texts = _texts(field)
        if name not in homeless:
            texts = [text for text in texts if not known.has(text) and text["t"] != sent.get(name, [])]
        if texts:
            remaining[name] = _led_by(field, texts)
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
