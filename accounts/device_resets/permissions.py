"""Who may ask for a reset of somebody's device, and who may confirm it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.device_resets.choices import DEVICE_RESET_TRANSITIONS, DeviceResetState
from accounts.device_resets.models import SET_UP_DAYS, DeviceReset
from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.decided import AlreadyDecided
from core.permissions import allowed


def check_may_ask(user: User, person: User) -> None:
    """Raises PermissionDenied, or ValidationError when the person can't be helped this way."""
    require_role(user, Role.ADMINISTRATOR)
    if user.pk == person.pk:
        raise ValidationError(_("Ask another administrator to ask for you."))
    if not person.is_active:
        raise ValidationError(_("The account is not active."))
    if not person.email:
        raise ValidationError(_("Enter the person's e-mail address first: the link goes there."))


def check_may_decide(user: User, reset: DeviceReset, state: DeviceResetState) -> None:
    """A second administrator; whoever asked may only take it back."""
    require_role(user, Role.ADMINISTRATOR)
    if user.pk == reset.user_id:
        raise PermissionDenied(_("Nobody decides on their own device."))
    if state == DeviceResetState.DONE and user.pk == reset.asked_by_id:
        raise PermissionDenied(_("A second administrator has to confirm this."))
    if state not in DEVICE_RESET_TRANSITIONS[DeviceResetState(reset.state)]:
        raise AlreadyDecided(reset.get_state_display(), reset.decided_by, reset.decided_at)
    if state == DeviceResetState.DONE and _were_set_up_together(user.pk, reset.asked_by_id):
        text = _(
            "Account, address or role of one of you two was given by the other, or of both by the same administrator, "
            "within %(days)s days: you two are one pair of eyes. Another administrator has to confirm this."
        )
        raise PermissionDenied(text % {"days": SET_UP_DAYS})


def _were_set_up_together(one: int, other: int) -> bool:
    """By the trail, which is sealed; the row's trigger asks the same."""
    since = timezone.now() - timedelta(days=SET_UP_DAYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_set_up_together(%s, %s, %s)", [one, other, since])
        return bool(cursor.fetchone()[0])


may_decide = allowed(check_may_decide)
