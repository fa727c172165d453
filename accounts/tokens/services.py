"""Making and revoking one's own tokens."""

import datetime as dt
import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User
from accounts.services import tell
from core import audit

PREFIX = "kaltim_"  # so that a scanner of leaked secrets knows it
MOST = 20
USED_EVERY = dt.timedelta(minutes=5)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(
    *, user: User, name: str, resources: list[str], days: int, with_second_factor: bool
) -> tuple[ApiToken, str]:
    """A token of one's own, and its text, which nobody can show again. Raises ValidationError."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two at once are counted one after the other
    if ApiToken.objects.in_force().filter(user=user).count() >= MOST:
        raise ValidationError(_("You have %(count)s tokens. Revoke one that is not needed.") % {"count": MOST})
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    row = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        hint=secret[-4:],
        resources=sorted(resources),
        with_second_factor=with_second_factor,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    audit.record("token.made", row, by=user, resources=row.resources, expires_at=row.expires_at.isoformat())
    tell(
        user, _("A token of the API was made for your account: %(name)s.") % {"name": name}, reverse("accounts:tokens")
    )
    return row, secret


@transaction.atomic
def revoke_token(*, user: User, pk: int) -> bool:
    """One of one's own; False when there is none of that number in force."""
    row = ApiToken.objects.select_for_update().filter(user=user, pk=pk, revoked_at__isnull=True).first()
    if row is None:
        return False
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    audit.record("token.revoked", row, by=user)
    return True


def note_use(row: ApiToken) -> None:
    """When it was used last, five minutes more or less."""
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
