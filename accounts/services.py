"""What changes several rows of an account at once."""

from collections.abc import Iterable

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from rest_framework.authtoken.models import Token

from accounts.models import Notice, Session, User
from core import audit


def tell(users: Iterable[User], text: str, url: str) -> None:
    """Put a notice on each user's desk, once per user."""
    unique = {user.pk: user for user in users}
    Notice.objects.bulk_create([Notice(user=user, text=text[:300], url=url) for user in unique.values()])


def read_notices(user: User) -> int:
    return Notice.objects.filter(user=user).unread().update(read_at=timezone.now())


@transaction.atomic
def end_session(*, user: User, session_key: str) -> bool:
    """End one of the user's own sessions. False when there is none of that key (any more)."""
    deleted, _ = Session.objects.filter(user_id=user.pk, session_key=session_key).delete()
    if deleted:
        audit.record("session.ended", user, by=user)
    return bool(deleted)


@transaction.atomic
def end_other_sessions(*, user: User, current: SessionBase) -> int:
    deleted, _ = Session.objects.filter(user_id=user.pk).exclude(session_key=current.session_key).delete()
    audit.record("session.others_ended", user, by=user, count=deleted)
    return deleted


@transaction.atomic
def renew_api_token(*, user: User) -> Token:
    """A new token; the old one stops working. Shown once."""
    Token.objects.filter(user=user).delete()
    audit.record("token.renewed", user, by=user)
    token: Token = Token.objects.create(user=user)
    return token
