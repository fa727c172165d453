"""What happens to an account when somebody signs in, enrols a second factor, or gets a link by mail."""

import datetime as dt

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int
from django.utils.translation import gettext as _

from accounts import ways_in
from accounts.client_address import client_address
from accounts.models import KnownPlace, Session, User
from accounts.permissions import require_role
from accounts.places import network_of
from accounts.services import mail, tell
from accounts.sessions import FACTS_KEY
from accounts.sign_in import codes, limits
from core import audit
from core.choices import Role
from core.models import AuditEvent

INVITATION_DAYS, RESET_HOURS, ENROLMENT_HOURS = 7, 1, 1
BETWEEN_LINKS = dt.timedelta(minutes=5)
PROVEN_KEY = "proven_by_mail"  # in the session: whose mailbox has been read here
ENROLMENT_SALT = "accounts.enrolment"


# -- a session begins ------------------------------------------------------------------------------------------
def begin_session(request: HttpRequest, user: User) -> None:
    """Right after signing in: where from, and a word to the person when that is somewhere new."""
    address = client_address(request)
    browser = request.headers.get("User-Agent", "")
    request.session[FACTS_KEY] = {"address": address, "browser": browser, "at": timezone.now().isoformat()}
    limits.forget(user.get_username(), address)
    network = network_of(address)
    if not network:
        return
    is_first = not KnownPlace.objects.filter(user=user).exists()
    _place, is_new = KnownPlace.objects.update_or_create(user=user, network=network)
    if is_new and not is_first:
        audit.record("session.new_place", user, by=user, address=address)
        text = _("Your account was used to sign in from a new place (%(address)s). Was it you?")
        tell(user, text % {"address": address}, reverse("accounts:account"))


# -- second factor ---------------------------------------------------------------------------------------------
def must_have_second_factor(user: User) -> bool:
    return bool(settings.SECOND_FACTOR_REQUIRED) and user.needs_second_factor


def factors_changed(user: User, *, text: str, action: str, keep: str | None) -> None:
    """Whatever was signed in before the change is signed out, but for the session `keep`."""
    Session.objects.filter(user_id=user.pk).exclude(session_key=keep or "").delete()
    audit.record(action, user, by=user)
    tell(user, text, reverse("mfa_index"))


def may_remove(authenticator: Authenticator) -> bool:
    return bool(get_adapter().can_delete_authenticator(authenticator))


def picture_of(user: User, secret: str) -> str:
    """The QR code for the app, as SVG."""
    adapter = get_adapter()
    return str(adapter.build_totp_svg(adapter.build_totp_url(user, secret)))


def forget_app(user: User) -> None:
    """Before a new app takes its place; the recovery codes of the old one go with it."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    Authenticator.objects.filter(user_id=user.pk, type__in=kinds).delete()


# -- links by mail ---------------------------------------------------------------------------------------------
class LinkTokens(PasswordResetTokenGenerator):
    """Signed, for one use (it dies with the password that it replaces), an hour to reset, a week to begin."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or not token or not user.is_active or not super().check_token(user, token):
            return False
        made = base36_to_int(token.partition("-")[0])
        age = self._num_seconds(self._now()) - made
        hours = RESET_HOURS if user.has_usable_password() else INVITATION_DAYS * 24
        return bool(age <= hours * 3600)


def link_of(user: User) -> str:
    """Where the person chooses a password: for the first time, or a new one."""
    key = f"{user_pk_to_url_str(user)}-{LinkTokens().make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return f"{settings.PORTAL_ADDRESS}{path.replace('UID-KEY', key)}"


@transaction.atomic
def invite(*, user: User, by: User | None) -> None:
    """A link for the first sign-in. Nobody types a password for somebody else. Raises ValidationError."""
    check_may_invite(user, by)
    if not user.email:
        raise ValidationError(_("Enter the person's e-mail address first: the link goes there."))
    audit.record("account.invited", user, by=by)
    text = _("You have an account in the portal. Your user name is %(name)s. Choose your password within a week:")
    mail([user.email], _("Your account in the Kaltim portal"), text % {"name": user.get_username()}, link_of(user))


def check_may_invite(user: User, by: User | None) -> None:
    """`by` is None on the server's own console. Raises PermissionDenied, ValidationError."""
    if by is not None:
        require_role(by, Role.ADMINISTRATOR)
    if user.has_usable_password():
        raise ValidationError(_("This person has signed in already. A lost device needs two administrators."))
    if not user.is_active:
        raise ValidationError(_("The account is not active."))
    if by is not None and ways_in.to_confirm(user, "email"):
        raise ValidationError(_("The address of this account was changed. A link to it needs two administrators."))


def send_enrolment_link(user: User) -> None:
    """Proves that whoever holds the password reads the person's mail as well. Raises ValidationError."""
    if not user.email:
        raise ValidationError(_("Your account has no e-mail address. Ask your administrator to enter it."))
    if _sent_lately("second_factor.link_sent", user):
        raise ValidationError(_("The link was sent a moment ago. Look into your mail, or try again in five minutes."))
    audit.record("second_factor.link_sent", user, by=user)
    key = signing.dumps({"user": user.pk, "state": _enrolment_state(user)}, salt=ENROLMENT_SALT)
    link = settings.PORTAL_ADDRESS + reverse("accounts:enrol", args=[key])
    text = _("Open this link within an hour, in the browser in which you are signed in, to set up the second factor:")
    mail([user.email], _("Set up the second factor"), text, link)


def enrolment_is_proven(user: User, key: str) -> bool:
    """Whether the link was sent to this very person, lately, and no factor was set up since."""
    try:
        said = signing.loads(key, salt=ENROLMENT_SALT, max_age=ENROLMENT_HOURS * 3600)
    except signing.BadSignature:
        return False
    return said["user"] == user.pk and constant_time_compare(said["state"], _enrolment_state(user))


def _enrolment_state(user: User) -> str:
    state = f"{user.pk} {user.password} {user.email} {codes.has_second_factor(user)}"
    return salted_hmac(ENROLMENT_SALT, state, algorithm="sha256").hexdigest()[:32]


def _sent_lately(action: str, user: User) -> bool:
    sent = AuditEvent.objects.filter(action=action, target_type="accounts.user", target_id=str(user.pk))
    return sent.filter(at__gt=timezone.now() - BETWEEN_LINKS).exists()


@transaction.atomic
def password_chosen_by_link(request: HttpRequest, user: User) -> None:
    """After a link: every session ends, and the mailbox counts as read in this browser."""
    Session.objects.filter(user_id=user.pk).delete()
    audit.record("password.chosen_by_link", user, by=user)
    tell(user, _("Your password was changed by a link sent to your e-mail address."), reverse("accounts:account"))
    request.session[PROVEN_KEY] = user.pk
