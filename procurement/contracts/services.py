"""From the offers to the last payment: one transaction each, with its audit event and new flags behind it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.versioning import locked_at
from procurement import after_changes
from procurement.choices import PackageState
from procurement.contracts import limits, permissions
from procurement.models import Addendum, Award, Contract, Handover, Offer, OfferPartner, Package, Payment, Supplier
from procurement.packages import services as package_services


def _locked(package: Package) -> Package:
    """The package as it is now, until the end of the transaction."""
    return Package.objects.select_for_update(of=("self",)).get(pk=package.pk)


def _saved(row: models.Model, package: Package, action: str, by: User, **details: Any) -> None:
    row.full_clean()
    row.save()
    audit.record(action, package, by=by, **details)
    after_changes.raise_flags_soon()


@transaction.atomic
def save_selection(*, package: Package, version: int, by: User, values: Mapping[str, Any]) -> Package:
    """How the selection went: method carried out, days of the offers, why not the lowest. Raises Conflict."""
    row = locked_at(Package.objects.editable_by(by), package.pk, version)
    permissions.check_may_save_selection(by, row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save_next_version()
    audit.record("selection.saved", row, by=by)
    after_changes.raise_flags_soon()
    return row


@transaction.atomic
def save_offer(*, package: Package, offer: Offer, partners: Iterable[Supplier], by: User) -> Offer:
    """A new offer, or one that was evaluated. Raises ValidationError."""
    package = _locked(package)
    permissions.check_may_save_offer(by, package)
    is_new = offer.pk is None
    offer.package = package
    limits.check_offer(package, offer)
    partners = [partner for partner in partners if partner.pk != offer.supplier_id]
    _saved(
        offer,
        package,
        "offer.entered" if is_new else "offer.changed",
        by,
        supplier=str(offer.supplier),
        state=offer.state,
    )
    OfferPartner.objects.filter(offer=offer).exclude(supplier__in=partners).delete()
    for partner in partners:
        OfferPartner.objects.get_or_create(offer=offer, supplier=partner)
    people = [offer.supplier_id, *(partner.pk for partner in partners)]
    after_changes.find_leads_soon(suppliers=people)
    return offer


@transaction.atomic
def remove_offer(*, offer: Offer, by: User, reason: str) -> None:
    """An offer that was entered by mistake; one that the supplier took back is set to withdrawn instead."""
    offer.package = package = _locked(offer.package)
    permissions.check_may_remove_offer(by, offer)
    if not reason.strip():
        raise ValidationError(_("Say why the offer is removed."))
    audit.with_reason(reason.strip())
    audit.record("offer.removed", package, by=by, reason=reason.strip(), supplier=str(offer.supplier))
    offer.delete()
    after_changes.raise_flags_soon()


@transaction.atomic
def decide_award(*, package: Package, award: Award, by: User) -> Award:
    """Who has won. The winner has an offer that was not disqualified, where there are offers. Raises
    ValidationError."""
    package = _locked(package)
    permissions.check_may_decide_award(by, package)
    offers = {offer.supplier_id: offer for offer in package.offers.all()}
    offer = offers.get(award.supplier_id)
    if offers and offer is None:
        raise ValidationError(_("The winner has no offer for this package. Enter the offer first."))
    if offer is not None and offer.state in {"disqualified", "withdrawn"}:
        raise ValidationError(_("The winner's offer is %(state)s.") % {"state": offer.get_state_display()})
    award.package = package
    if award.amount_rupiah is None and offer is not None:
        award.amount_rupiah = offer.amount_rupiah
    limits.check_award(package, award, offer)
    _saved(award, package, "award.decided", by, supplier=str(award.supplier))
    return award


@transaction.atomic
def cancel_award(*, award: Award, by: User, reason: str) -> Award:
    """The decision stays in the record as cancelled. Raises ValidationError."""
    award.package = package = _locked(award.package)
    permissions.check_may_cancel_award(by, award)
    if not reason.strip():
        raise ValidationError(_("Say why the decision is cancelled."))
    audit.with_reason(reason.strip())
    award.cancelled_at, award.cancelled_because = timezone.now(), reason.strip()
    _saved(award, package, "award.cancelled", by, reason=reason.strip(), supplier=str(award.supplier))
    return award


@transaction.atomic
def sign_contract(*, package: Package, contract: Contract, by: User, corrects: Contract | None = None) -> Contract:
    """Enter a contract; of an announced package this is its step to "under contract", with the gate before it.

    With `corrects` it is a new version of that contract, which stays as it was. Raises ValidationError, and
    AlreadyDecided where somebody else has corrected it.
    """
    package = _locked(package)
    permissions.check_may_sign_contract(by, package)
    if corrects is None:
        _check_winner(package, contract)
    else:
        corrects.refresh_from_db()
        permissions.check_may_correct_contract(by, corrects)
        _supersede(corrects, contract)
    limits.check_contract(package, contract, corrects)
    contract.package, contract.entered_by, contract.corrects = package, by, corrects
    _saved(contract, package, "contract.corrected" if corrects else "contract.entered", by, number=contract.number)
    if package.state == PackageState.ANNOUNCED:
        package_services.move_package(pk=package.pk, version=package.version, by=by, state=PackageState.CONTRACTED)
    if corrects is not None:
        _carry_over(corrects, contract)
    after_changes.find_leads_soon(suppliers=[contract.supplier_id])
    return contract


def _check_winner(package: Package, contract: Contract) -> None:
    if package.awards.filter(cancelled_at__isnull=True).exclude(supplier=contract.supplier_id).exists():
        raise ValidationError(_("The winner is somebody else. Cancel that decision first, or choose the winner."))


def _supersede(earlier: Contract, contract: Contract) -> None:
    """`contract` takes the place of an earlier version, which stays as it was."""
    if not contract.correction_reason.strip():
        raise ValidationError({"correction_reason": _("Say why the contract is corrected.")})
    audit.with_reason(contract.correction_reason)
    Contract.objects.filter(pk=earlier.pk).update(superseded_at=timezone.now())


def _carry_over(earlier: Contract, contract: Contract) -> None:
    """Addenda are evidence and stay with the version that they changed, and stand with the new one as well."""
    Handover.objects.filter(contract=earlier).update(contract=contract)
    Payment.objects.filter(contract=earlier).update(contract=contract)
    for addendum in earlier.addenda.all():
        Addendum.objects.create(
            contract=contract,
            number=addendum.number,
            signed_on=addendum.signed_on,
            value_rupiah=addendum.value_rupiah,
            ends_on=addendum.ends_on,
            reason=addendum.reason,
        )


@transaction.atomic
def sign_addendum(*, contract: Contract, addendum: Addendum, by: User) -> Addendum:
    contract.package = package = _locked(contract.package)
    permissions.check_may_follow_contract(by, contract)
    last = contract.addenda.aggregate(Max("number"))["number__max"] or 0
    if addendum.signed_on < contract.signed_on:
        raise ValidationError({"signed_on": _("An addendum is signed after its contract.")})
    limits.check_addendum(package, contract, addendum)
    addendum.contract, addendum.number = contract, last + 1
    _saved(addendum, package, "addendum.entered", by, contract=contract.number, number=addendum.number)
    return addendum


@transaction.atomic
def enter_handover(*, contract: Contract, handover: Handover, by: User) -> Handover:
    contract.package = package = _locked(contract.package)
    permissions.check_may_follow_contract(by, contract)
    limits.check_handover(contract, handover)
    handover.contract = contract
    _saved(handover, package, "handover.entered", by, contract=contract.number, number=handover.number)
    return handover


@transaction.atomic
def enter_payment(*, contract: Contract, payment: Payment, by: User) -> Payment:
    """Raises ValidationError outside the fiscal year, and when more would be paid than the contract is worth."""
    contract.package = package = _locked(contract.package)
    permissions.check_may_follow_contract(by, contract)
    limits.check_payment(package, contract, payment)
    payment.contract = contract
    _saved(payment, package, "payment.entered", by, contract=contract.number, number=payment.sp2d_number)
    return payment


@transaction.atomic
def correct_following(*, row: Handover | Payment, values: Mapping[str, Any], by: User, reason: str) -> None:
    """A handover or a payment that was entered wrongly: corrected, the history keeps what it said. Raises
    ValidationError."""
    row.contract.package = package = _locked(row.contract.package)
    permissions.check_may_correct_following(by, row)
    before = _corrected_because(row, reason)
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, Payment):
        limits.check_payment(package, row.contract, row)
    else:
        limits.check_handover(row.contract, row)
    act = "payment.corrected" if isinstance(row, Payment) else "handover.corrected"
    _saved(row, package, act, by, reason=reason.strip(), contract=row.contract.number, was=before)


@transaction.atomic
def remove_following(*, row: Handover | Payment, by: User, reason: str) -> None:
    """A handover or a payment that was entered twice or at the wrong contract; the trail keeps it."""
    row.contract.package = package = _locked(row.contract.package)
    permissions.check_may_correct_following(by, row)
    before = _corrected_because(row, reason)
    act = "payment.removed" if isinstance(row, Payment) else "handover.removed"
    audit.record(act, package, by=by, reason=reason.strip(), contract=row.contract.number, was=before)
    row.delete()
    after_changes.raise_flags_soon()


def _corrected_because(row: Handover | Payment, reason: str) -> str:
    """What the row said until now. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is corrected.")})
    audit.with_reason(reason.strip())
    if isinstance(row, Payment):
        return f"{row.sp2d_number}, {row.paid_on.isoformat()}, {row.amount_rupiah}"
    return f"{row.number}, {row.on_day.isoformat()}, {row.percent}"
