"""What an award, a contract and a payment may be worth, and when they may be: one place for forms and services.

A list brings in what was signed elsewhere: that is not refused here but flagged (K02, K09, K20).
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.fields import has_happened
from core.formats import day, moment, rupiah
from procurement.models import Addendum, Award, Contract, Handover, Offer, Package, Payment

# Where zeros may be missing, or an amount was typed in thousands: no rule's limits, so nothing is refused or flagged
# by them. What differs from the plan is K17's.
LITTLE_SHARE = Decimal("0.1")  # of the HPS, or else of the ceiling


def remarks_on(package: Package, awards: Iterable[Award], contracts: Iterable[Contract]) -> list[str]:
    """What is so little for this package that whoever entered it should look at it again."""
    planned = package.hps_rupiah or package.ceiling_rupiah
    if package.is_framework or not planned:
        return []
    won = [award.amount_rupiah for award in awards if award.cancelled_at is None and award.amount_rupiah is not None]
    signed = [contract.value_rupiah for contract in contracts]
    found = []
    for sums, text in (
        (won, _("The award of %(sum)s is less than a tenth of the %(planned)s that are planned: are zeros missing?")),
        (
            signed,
            _("Contracts of %(sum)s are less than a tenth of the %(planned)s that are planned: are zeros missing?"),
        ),
    ):
        total = sum(sums, start=Decimal(0))
        if sums and total < planned * LITTLE_SHARE:
            found.append(text % {"sum": rupiah(total), "planned": rupiah(planned)})
    return found


def check_offer(package: Package, offer: Offer) -> None:
    """Raises ValidationError for an offer that is still to come in, or came in after the winner was decided on."""
    if offer.handed_in_at is None:
        return
    if offer.handed_in_at > timezone.now():
        raise ValidationError({"handed_in_at": _("This moment is still to come: enter what has happened by now.")})
    award = package.awards.filter(cancelled_at__isnull=True).first()
    if award is not None:
        _refuse_before_offer(award, offer, "handed_in_at")


def check_award(package: Package, award: Award, offer: Offer | None = None) -> None:
    """Raises ValidationError above the ceiling, above the HPS without a reason (Perpres 16/2018 ps. 26), for a day
    still to come, and before the winner's offer came in."""
    if award.decided_on is not None:
        refuse_after_today("decided_on", award.decided_on)
        if offer is not None:
            _refuse_before_offer(award, offer, "decided_on")
    amount = award.amount_rupiah
    if amount is None or package.is_framework:
        return
    _refuse_above_ceiling("amount_rupiah", amount, package)
    if package.hps_rupiah is not None and amount > package.hps_rupiah and not award.above_reason.strip():
        text = _("The award is above the HPS of %(hps)s: say why. It is marked by a red flag.")
        raise ValidationError({"above_reason": text % {"hps": rupiah(package.hps_rupiah)}})


def check_contract(package: Package, contract: Contract, corrects: Contract | None) -> None:
    """Raises ValidationError above the ceiling, above the HPS or the award without a reason, and after the year."""
    if contract.signed_on.year > package.fiscal_year:
        text = _("The package is of fiscal year %(year)s: a contract of it is signed by its end.")
        raise ValidationError({"signed_on": text % {"year": package.fiscal_year}})
    refuse_after_today("signed_on", contract.signed_on)
    award = package.awards.filter(cancelled_at__isnull=True, decided_on__gt=contract.signed_on).first()
    if award is not None:
        text = _("The winner was decided on %(day)s: the contract is signed after that.")
        raise ValidationError({"signed_on": text % {"day": day(award.decided_on)}})
    _refuse_end_before("ends_on", contract.ends_on, contract)
    total = contract.value_rupiah + _signed_beside(package, corrects)
    if package.is_framework:
        return
    _refuse_above_ceiling("value_rupiah", total, package)
    above = _exceeded(package, total)
    if above and not (contract.above_reason.strip() or contract.correction_reason.strip()):
        text = _("With this contract %(total)s are signed, more than %(above)s: say why. It is marked by a red flag.")
        raise ValidationError({"above_reason": text % {"total": rupiah(total), "above": above}})


def check_addendum(package: Package, contract: Contract, addendum: Addendum) -> None:
    """Raises ValidationError where the addendum takes what is signed above the ceiling, or below what is paid; its
    reason is asked anyway."""
    refuse_after_today("signed_on", addendum.signed_on)
    _refuse_end_before("ends_on", addendum.ends_on, contract)
    paid = contract.payments.aggregate(sum=Sum("amount_rupiah"))["sum"] or Decimal(0)
    if addendum.value_rupiah < paid:
        text = _("%(paid)s are paid already: the contract cannot be worth less with this addendum.")
        raise ValidationError({"value_rupiah": text % {"paid": rupiah(paid)}})
    if not package.is_framework:
        total = addendum.value_rupiah + _signed_beside(package, contract)
        _refuse_above_ceiling("value_rupiah", total, package)


def check_payment(package: Package, contract: Contract, payment: Payment) -> None:
    """Raises ValidationError before the contract, outside the fiscal year, and for more than the contract is worth.

    What is paid later is paid of the next year's budget, by a package of that year (Perpres 16/2018 ps. 27).
    """
    if payment.paid_on < contract.signed_on:
        raise ValidationError({"paid_on": _("A payment comes after the contract.")})
    if payment.paid_on.year != package.fiscal_year:
        text = _("The package is of fiscal year %(year)s: an SP2D of it is dated in that year.")
        raise ValidationError({"paid_on": text % {"year": package.fiscal_year}})
    refuse_after_today("paid_on", payment.paid_on)
    others = contract.payments.exclude(pk=payment.pk)
    paid = sum((row.amount_rupiah for row in others), start=payment.amount_rupiah)
    if paid > contract.value_now_rupiah:
        raise ValidationError(
            {"amount_rupiah": _("With this payment more is paid than the contract is worth with its addenda.")}
        )


def check_handover(contract: Contract, handover: Handover) -> None:
    """Raises ValidationError before the contract, and for a day that is still to come."""
    refuse_after_today("on_day", handover.on_day)
    if handover.on_day < contract.signed_on:
        raise ValidationError({"on_day": _("The handover comes after the contract.")})


def refuse_after_today(field: str, on: dt.date) -> None:
    try:
        has_happened(on)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def _refuse_before_offer(award: Award, offer: Offer, field: str) -> None:
    """A winner is decided on among what has come in."""
    if offer.handed_in_at is None or award.decided_on is None:
        return
    if award.decided_on < timezone.localdate(offer.handed_in_at):
        text = _("This offer came in on %(came)s, the winner was decided on %(decided)s: correct one of the two.")
        raise ValidationError({field: text % {"came": moment(offer.handed_in_at), "decided": day(award.decided_on)}})


def _refuse_end_before(field: str, ends_on: dt.date | None, contract: Contract) -> None:
    """A contract ends after it begins, by its own word and by an addendum's."""
    first = contract.starts_on or contract.signed_on
    if ends_on is not None and ends_on < first:
        text = _("The last day is before the contract begins (%(day)s).")
        raise ValidationError({field: text % {"day": day(first)}})


def _signed_beside(package: Package, contract: Contract | None) -> Decimal:
    """What the package's other contracts are worth."""
    others = package.contracts.current()
    if contract is not None:
        others = others.exclude(pk=contract.pk)
    return others.with_worth().aggregate(sum=Sum("worth"))["sum"] or Decimal(0)


def _refuse_above_ceiling(field: str, total: Decimal, package: Package) -> None:
    if total > package.ceiling_rupiah:
        text = _("%(total)s are above the ceiling of %(ceiling)s (Perpres 16/2018 ps. 26).")
        raise ValidationError({field: text % {"total": rupiah(total), "ceiling": rupiah(package.ceiling_rupiah)}})


def _exceeded(package: Package, total: Decimal) -> str:
    """What the sum of the contracts is above, in words; empty where it is above nothing."""
    award = package.awards.filter(cancelled_at__isnull=True).first()
    found = []
    if package.hps_rupiah is not None and total > package.hps_rupiah:
        found.append(_("the HPS of %(sum)s") % {"sum": rupiah(package.hps_rupiah)})
    if award is not None and award.amount_rupiah is not None and total > award.amount_rupiah:
        found.append(_("the award of %(sum)s") % {"sum": rupiah(award.amount_rupiah)})
    return _(" and ").join(found)
