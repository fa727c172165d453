"""An e-mail address or a NIP that an administrator has written anew opens nothing by itself.

A link for a new password goes to the address, and the SSO finds the account by the NIP: whoever could move either alone
could sign in as anybody else. So it counts when the person has said, signed in another way, that it is theirs, or when
two administrators have reset the account since. Before the first sign-in there is nobody yet to take an account from.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.device_resets.choices import DeviceResetState
from accounts.models import DeviceReset, User
from accounts.services import notify, tell_administrators
from core import audit
from core.models import AuditEvent

FIELDS = ("email", "nip")


def to_confirm(user: User, *fields: str) -> list[str]:
    """Which of these fields somebody else has changed since the person, or two administrators, last confirmed them."""
    reset = DeviceReset.objects.filter(user=user, state=DeviceResetState.DONE).order_by("decided_at").last()
    if reset is None and user.last_login is None and not user.has_usable_password():
        return []
    events = AuditEvent.objects.filter(target_type="accounts.user", target_id=str(user.pk))
    changes = events.filter(action="account.changed").exclude(actor_id=user.pk)
    confirmed = events.filter(action="account.confirmed", actor_id=user.pk).order_by("pk").last()
    if confirmed is not None:
        changes = changes.filter(pk__gt=confirmed.pk)
    if reset is not None:
        changes = changes.filter(at__gt=reset.decided_at)
    return [name for name in fields or FIELDS if changes.filter(Q(details__fields__contains=[name])).exists()]


def confirm(user: User) -> None:
    """The person has looked at address and NIP, and they are right."""
    audit.record("account.confirmed", user, by=user, fields=to_confirm(user))


def withhold_link(user: User) -> None:
    """Somebody has asked for a link to an address that is not confirmed: nothing is sent, and both are told."""
    audit.record("link.withheld", user, by=None)
    text = _("A link for a new password was asked for; it was not sent, because your address has been changed.")
    notify([user], text, reverse("accounts:account"))
    why = _("%(person)s got no link for a new password (%(day)s): the address was changed and is not confirmed.")
    tell_administrators(
        why % {"person": user, "day": timezone.localdate().strftime("%d/%m/%Y")}, reverse("accounts:device-resets")
    )
