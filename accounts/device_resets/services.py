"""Lost device: all factors, sessions and tokens go, the link with the SSO too; the person begins anew by a link."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.device_resets.choices import DeviceResetState
from accounts.device_resets.models import DeviceReset
from accounts.device_resets.permissions import check_may_ask, check_may_decide
from accounts.models import Session, User
from accounts.services import mail, remind, tell
from accounts.sign_in.services import link_of
from core import audit
from core.choices import Role


@transaction.atomic
def ask(*, user: User, reason: str, by: User) -> DeviceReset:
    """The first administrator. The person is told, and so are the other administrators. Raises ValidationError."""
    check_may_ask(by, user)
    if DeviceReset.objects.filter(user=user, state=DeviceResetState.ASKED).exists():
        raise ValidationError(_("A reset for this person waits already."))
    row = DeviceReset.objects.create(user=user, reason=reason, asked_by=by)
    audit.record("device_reset.asked", row, by=by, reason=reason)
    text = _("%(by)s asks to reset your lost device. If you have lost none, tell another administrator at once.")
    tell(user, text % {"by": by}, reverse("accounts:account"))
    others = User.objects.with_role(Role.ADMINISTRATOR).exclude(pk__in=[by.pk, user.pk])
    said = _("%(by)s asks to reset the device of %(person)s; a second administrator decides.")
    remind(others, said % {"by": by, "person": user}, reverse("accounts:device-resets"), timezone.localdate())
    return row


@transaction.atomic
def decide(*, pk: int, state: DeviceResetState, by: User) -> DeviceReset:
    """The second one confirms, or either refuses. Raises PermissionDenied, ValidationError."""
    row = DeviceReset.objects.select_for_update(of=("self",)).select_related("user", "asked_by").get(pk=pk)
    check_may_decide(by, row, state)
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.save()
    audit.record(f"device_reset.{state.value}", row, by=by, asker=str(row.asked_by))
    if state == DeviceResetState.DONE:
        _begin_anew(row.user)
    else:
        tell(row.user, _("The reset of your device was refused; nothing has changed."), reverse("accounts:account"))
    return row


def _begin_anew(user: User) -> None:
    Authenticator.objects.filter(user_id=user.pk).delete()
    SocialAccount.objects.filter(user_id=user.pk).delete()  # the next sign-in there links anew
    user.set_unusable_password()
    user.save(update_fields=["password"])  # a trigger revokes the tokens
    Session.objects.filter(user_id=user.pk).delete()
    tell(user, _("Your device was reset by two administrators."), reverse("accounts:account"))
    text = _("Choose a new password within a week, then set up your new device:")
    mail([user.email], _("Your account in the Kaltim portal"), text, link_of(user))
