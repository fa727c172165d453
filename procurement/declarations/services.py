"""Declaring interests, deciding on declarations, an official's particulars: one transaction each, with its audit
event."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.services import notify
from core import audit
from procurement import after_changes
from procurement.choices import Signature
from procurement.declarations import permissions
from procurement.models import (
    Decision,
    Declaration,
    Interest,
    Officer,
    OfficialProfile,
)


@transaction.atomic
def declare(
    *, officer: Officer, by: User, interests: Iterable[Interest], signed_by: str = Signature.NONE
) -> Declaration:
    """A new version of the official's declaration; the one before is kept. Only the official declares."""
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    permissions.check_may_declare(by, officer)
    blank = Declaration(officer=officer, signed_by=signed_by)
    return _declare(blank, officer.declarations.all(), officer.package.agency, by, interests)


@transaction.atomic
def declare_for_year(
    *, agency: Agency, fiscal_year: int, by: User, interests: Iterable[Interest], signed_by: str = Signature.NONE
) -> Declaration:
    """The general declaration for a year, as a member of an OPD; a correction is a new version."""
    permissions.check_may_declare_for_year(by, agency)
    User.objects.select_for_update().get(pk=by.pk)
    earlier = Declaration.objects.filter(declarer=by, agency=agency, fiscal_year=fiscal_year, officer=None)
    blank = Declaration(declarer=by, agency=agency, fiscal_year=fiscal_year, signed_by=signed_by)
    return _declare(blank, earlier, agency, by, interests)


def _declare(
    declaration: Declaration,
    earlier: "models.QuerySet[Declaration]",
    agency: Agency,
    by: User,
    interests: Iterable[Interest],
) -> Declaration:
    now = timezone.now()
    last = earlier.order_by("-number").first()
    earlier.filter(superseded_at__isnull=True).update(superseded_at=now)
    interests = list(interests)
    declaration.number = last.number + 1 if last else 1
    declaration.has_interest, declaration.declared_at = bool(interests), now
    declaration.save()
    for interest in interests:
        interest.declaration = declaration
        interest.save()
    audit.record("declaration.made", declaration, by=by, interests=len(interests))
    text = _("The declaration of %(officer)s on %(package)s waits for your decision.") % {
        "officer": by,
        "package": declaration.about,
    }
    declaration.act.tell(declaration.pk, agency.pk, text, declaration.get_absolute_url())
    after_changes.find_leads_soon(people=[by.pk])
    after_changes.raise_flags_soon()
    return declaration


@transaction.atomic
def decide_declaration(*, pk: int, by: User, kind: str, reason: str) -> Decision:
    """The superior's decision. Raises ValidationError when there is one already or a newer version came in between."""
    declaration = (
        Declaration.objects.select_for_update(of=("self",)).select_related("declarer", "officer__package").get(pk=pk)
    )
    permissions.check_may_decide(by, declaration)
    audit.with_reason(reason)
    lender = declaration.act.lender(by, declaration.agency_id)
    decision = Decision(declaration=declaration, kind=kind, reason=reason, decided_by=by, acting_for=lender)
    decision.full_clean(exclude=["declaration"])
    decision.save()
    audit.record("declaration.decided", declaration, by=by, reason=reason, acting_for=lender, kind=kind)
    text = _("Your declaration on %(package)s is decided: %(decision)s.") % {
        "package": declaration.about,
        "decision": decision.get_kind_display(),
    }
    notify([declaration.declarer], text, declaration.get_absolute_url())
    return decision


@transaction.atomic
def save_profile(*, user: User, values: Mapping[str, str], forget: Iterable[str]) -> OfficialProfile:
    """One's own particulars. What is empty stays; what is named in `forget` goes."""
    profile, _created = OfficialProfile.objects.get_or_create(user=user)
    for name, value in values.items():
        if value:
            setattr(profile, name, value)
    for name in forget:
        setattr(profile, name, "")
    profile.save()
    audit.record(
        "profile.saved",
        user,
        by=user,
        fields=sorted(name for name, value in values.items() if value),
        removed=sorted(forget),
    )
    after_changes.find_leads_soon(people=[user.pk])
    return profile


@transaction.atomic
def unmask_identity(*, interest: Interest, by: User, reason: str) -> str:
    """The identity number in the clear, for a stated reason that stays in the trail. Raises ValidationError without
    one."""
    permissions.check_may_unmask(by, interest.declaration)
    if not reason.strip():
        raise ValidationError(_("Say why you need to see the number."))
    audit.record(
        "identity.unmasked",
        interest.declaration,
        by=by,
        reason=reason.strip(),
        acting_for=permissions.unmasks_for(by, interest.declaration),
        interest=interest.pk,
    )
    return interest.party_identity
