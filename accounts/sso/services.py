"""What the portal does with what the SSO says."""

import logging
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, Membership, UnitCode, User
from accounts.nip import problem_of
from accounts.permissions import require_role
from accounts.services import notify, remind, tell, tell_administrators
from accounts.sso.logout import SESSION_KEY
from core import audit
from core.choices import AGENCY_ROLES, Role
from core.encryption import encrypt, masked

logger = logging.getLogger(__name__)


def account_of(nip: str) -> User | None:
    """The active account with this NIP."""
    if problem_of(nip):
        return None
    return User.objects.filter(nip=nip, is_active=True).first()


def note_refusal(nip: str) -> None:
    audit.record("sso.refused", None, by=None, nip=masked(nip[:18]))


def note_link(user: User) -> None:
    audit.record("sso.linked", user, by=user)
    tell(user, _("Your account was linked with your account at the SSO."), reverse("accounts:account"))


def is_linked(user: User) -> bool:
    return bool(SocialAccount.objects.filter(user=user).exists())


def note_other_subject(user: User) -> None:
    """Somebody came with this person's NIP, whom the SSO calls by another name than the one the account is linked
    with: a second account there, or a NIP that was typed wrongly. Nothing is linked; person and administrators are
    told."""
    audit.record("sso.other_subject", user, by=None)
    text = _("Somebody signed in at the SSO with your NIP, by another account there than yours; it was refused.")
    notify([user], text, reverse("accounts:account"))
    said = _("Another account of the SSO came with the NIP of %(person)s (%(day)s); it was refused.")
    told = said % {"person": user, "day": timezone.localdate().strftime("%d/%m/%Y")}
    tell_administrators(told, reverse("accounts:device-resets"))


def keep_for_sign_out(session: SessionBase, end_session: Any, id_token: str) -> None:
    if isinstance(end_session, str) and end_session:
        session[SESSION_KEY] = {"end_session": end_session, "id_token": encrypt(id_token)}


def log_failure(error: Any, exception: BaseException | None) -> None:
    """For the operator; the person is told to try again."""
    logger.warning("sign-in by SSO failed: %r %r", error or "", str(exception or ""))


def compare_unit(user: User, code: str) -> None:
    """Where the register knows another OPD than the portal, people are told; nothing is changed by it."""
    own = set(  # not by the user's cached properties: what a half signed-in session keeps of a user must be plain
        Membership.objects.in_force().filter(user=user, role__in=AGENCY_ROLES).values_list("agency_id", flat=True)
    )
    if not code or not own:
        return
    known = UnitCode.objects.filter(code=code).select_related("agency").first()
    if known is None:
        text = _("The SSO knows a unit that has no OPD yet: %(code)s.") % {"code": code[:60]}
        remind(User.objects.with_role(Role.DATA_STEWARD), text, reverse("accounts:units"), timezone.localdate())
    elif known.agency_id not in own:
        text = _("%(person)s works at %(agency)s according to the SSO, and elsewhere according to the portal.")
        said = text % {"person": user, "agency": known.agency.short_name}
        remind(User.objects.with_role(Role.ADMINISTRATOR), said, "/admin/", timezone.localdate())


@transaction.atomic
def save_unit(*, code: str, agency: Agency, by: User) -> UnitCode:
    check_may_keep_units(by)
    row, _made = UnitCode.objects.update_or_create(code=code, defaults={"agency": agency})
    audit.record("unit_code.saved", row, by=by, agency=agency.short_name)
    return row


@transaction.atomic
def remove_unit(*, pk: int, by: User) -> bool:
    check_may_keep_units(by)
    row = UnitCode.objects.filter(pk=pk).first()
    if row is None:
        return False
    audit.record("unit_code.removed", row, by=by)
    row.delete()
    return True


def check_may_keep_units(user: User) -> None:
    require_role(user, Role.DATA_STEWARD)
