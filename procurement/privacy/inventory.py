"""Where the portal keeps data of a person, for that person and for whoever has to answer (UU 27/2022).

Numbers are looked up by their keyed hash: nothing is decrypted to find somebody.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.drafts import services as drafts
from accounts.models import Draft, Membership, Notice, Session, User
from accounts.services import notify
from core import audit
from core.encryption import identity_hash, masked
from core.numbers import digits_of
from procurement.choices import PRIVACY_REQUEST_TRANSITIONS
from procurement.models import (
    ANSWER_REQUEST,
    Declaration,
    Interest,
    Officer,
    OfficialProfile,
    PrivacyRequest,
    Supplier,
    SupplierPerson,
)
from procurement.privacy import permissions


@dataclass(frozen=True)
class StoredPlace:
    """One place where a number stands: what it is, whom it names, and the page that shows it (empty without one)."""

    what: str
    name: str
    url: str


@transaction.atomic
def search(*, number: str, by: User, reason: str) -> list[StoredPlace]:
    """Every place where a NIK or NPWP stands. The look-up itself is written into the trail. Raises ValidationError."""
    permissions.check_may_search(by)
    digits = digits_of(number)
    if len(digits) not in {15, 16}:
        raise ValidationError({"number": _("A NIK has 16 digits, an NPWP 15 or 16.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why you look for this person.")})
    found = identity_hash(digits)
    places: list[StoredPlace] = []
    places += [
        StoredPlace(_("party of a declaration"), row.party_name, row.declaration.get_absolute_url())
        for row in Interest.objects.filter(party_identity_hash=found).select_related("declaration__declarer")
    ]
    places += [
        StoredPlace(str(row.get_role_display()), f"{row.name} · {row.supplier}", row.supplier.get_absolute_url())
        for row in SupplierPerson.objects.filter(identity_hash=found).select_related("supplier")
    ]
    places += [
        StoredPlace(_("supplier"), row.name, row.get_absolute_url())
        for row in Supplier.objects.filter(tax_number_hash=found)
    ]
    places += [
        StoredPlace(_("particulars of an official"), str(row.user), "")
        for row in OfficialProfile.objects.filter(identity_hash=found).select_related("user")
    ]
    places += [
        StoredPlace(_("request about personal data"), row.name, reverse("procurement:privacy"))
        for row in PrivacyRequest.objects.filter(identity_hash=found)
    ]
    audit.record("identity.searched", by, by=by, reason=reason.strip(), number=masked(digits), found=len(places))
    return places


def of_user(user: User) -> dict[str, Any]:
    """Everything stored about a user of the portal, readable and by machine. Numbers in the clear: they are the
    user's own."""
    declarations = Declaration.objects.filter(declarer=user).prefetch_related("interests")
    return {
        _("made"): timezone.localtime().isoformat(timespec="seconds"),
        _("account"): _account(user),
        _("roles"): [str(row) for row in Membership.objects.filter(user=user).select_related("agency")],
        _("particulars"): _particulars(user),
        _("tasks on packages"): [_task(row) for row in Officer.objects.filter(user=user).select_related("package")],
        _("declarations"): [_declaration(row) for row in declarations.select_related("officer__package", "agency")],
        _("sessions"): [_session(row) for row in Session.objects.filter(user_id=user.pk)],
        _("notices"): Notice.objects.filter(user=user).count(),
        _("drafts of forms"): [_draft(row) for row in Draft.objects.visible_to(user)],
        _("requests"): [_request(row) for row in PrivacyRequest.objects.filter(user=user)],
    }


def _draft(row: Draft) -> dict[str, Any]:
    typed = {field["l"] or name: field["t"] for name, field in drafts.content_of(row).items()}
    return {_("form"): row.title, _("typed"): row.saved_at.isoformat(timespec="seconds"), _("fields"): typed}


def _account(user: User) -> dict[str, Any]:
    return {
        _("user name"): user.get_username(),
        _("full name"): user.full_name,
        _("e-mail"): user.email,
        _("since"): user.date_joined.isoformat(timespec="seconds"),
        _("last sign-in"): user.last_login.isoformat(timespec="seconds") if user.last_login else None,
    }


def _particulars(user: User) -> dict[str, Any]:
    profile = OfficialProfile.objects.filter(user=user).first()
    if profile is None:
        return {}
    return {
        "NIK": profile.identity,
        _("telephone"): profile.phone,
        _("address"): profile.address,
        _("bank account"): profile.account,
    }


def _task(row: Officer) -> dict[str, Any]:
    return {
        _("package"): str(row.package),
        _("task"): str(row.get_role_display()),
        _("assigned"): row.assigned_at.isoformat(timespec="seconds"),
    }


def _session(row: Session) -> dict[str, Any]:
    return {
        _("address"): row.address,
        _("browser"): row.browser,
        _("signed in"): row.started_at.isoformat() if row.started_at else None,
    }


def _request(row: PrivacyRequest) -> dict[str, Any]:
    return {
        _("what is asked"): str(row.get_kind_display()),
        _("text"): row.text,
        _("state"): str(row.get_state_display()),
        _("answer"): row.answer,
    }


def _declaration(row: Declaration) -> dict[str, Any]:
    return {
        _("about"): row.about,
        _("version"): row.number,
        _("declared"): row.declared_at.isoformat(timespec="seconds"),
        _("interests"): [
            {
                _("kind of interest"): str(item.get_kind_display()),
                _("nature"): str(item.get_nature_display()),
                _("party (person or company)"): item.party_name,
                _("relation"): item.relation,
                _("since"): item.since,
                _("proposed measure"): item.mitigation,
            }
            for item in row.interests.all()
        ],
    }


@transaction.atomic
def ask(*, request: PrivacyRequest, by: User) -> PrivacyRequest:
    """Enter a request and tell those who answer."""
    permissions.check_may_ask(by, request)
    request.made_by = by
    request.full_clean(exclude=["identity_hash"])
    request.save()
    audit.record("privacy.asked", request, by=by, kind=request.kind)
    text = _("%(name)s asks about personal data: %(what)s.") % {
        "name": request.name,
        "what": request.get_kind_display(),
    }
    ANSWER_REQUEST.tell(request.pk, None, text, reverse("procurement:privacy"))
    return request


@transaction.atomic
def answer(*, pk: int, by: User, state: str, text: str) -> PrivacyRequest:
    """Raises ValidationError when it is answered already, or without words."""
    request = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
    permissions.check_may_answer(by, request)
    if state not in PRIVACY_REQUEST_TRANSITIONS[request.state]:
        raise ValidationError(_("Choose whether the request is granted."))
    if not text.strip():
        raise ValidationError(_("Write the answer."))
    request.state, request.answer = state, text.strip()
    request.answered_by, request.answered_at = by, timezone.now()
    request.save()
    audit.record("privacy.answered", request, by=by, reason=request.answer, state=state)
    if request.user is not None:
        notify([request.user], _("Your request about personal data is answered."), reverse("procurement:privacy"))
    return request
