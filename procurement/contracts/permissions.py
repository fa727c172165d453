"""Who may enter what became of a package, and in which state: every act as a pair of `check_may_x` and `may_x`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_operator
from core.decided import AlreadyDecided
from core.permissions import allowed
from procurement.choices import PackageState
from procurement.models import Award, Contract, Handover, Offer, Package, Payment

UNDERWAY = frozenset({PackageState.ANNOUNCED, PackageState.CONTRACTED})
SIGNED = frozenset({PackageState.CONTRACTED, PackageState.COMPLETED})


def check_may_save_selection(user: User, package: Package) -> None:
    require_operator(user, package.agency_id)


def check_may_save_offer(user: User, package: Package) -> None:
    require_operator(user, package.agency_id)
    if package.state not in UNDERWAY:
        raise ValidationError(_("Offers are entered after the announcement and before the end."))


def check_may_remove_offer(user: User, offer: Offer) -> None:
    """One that was entered by mistake, and has not won."""
    check_may_save_offer(user, offer.package)
    if offer.package.awards.filter(supplier=offer.supplier_id, cancelled_at__isnull=True).exists():
        raise ValidationError(_("This supplier is the winner: cancel that decision first."))


def check_may_decide_award(user: User, package: Package) -> None:
    require_operator(user, package.agency_id)
    if package.state not in UNDERWAY:
        raise ValidationError(_("A winner is decided after the announcement."))


def check_may_cancel_award(user: User, award: Award) -> None:
    require_operator(user, award.package.agency_id)
    if award.package.state not in UNDERWAY:
        raise ValidationError(_("The package is no longer underway."))
    if award.cancelled_at is not None:
        raise AlreadyDecided(_("cancelled"), at=award.cancelled_at)
    if award.package.contracts.current().filter(supplier=award.supplier_id).exists():
        raise ValidationError(_("There is a contract with this winner."))


def check_may_sign_contract(user: User, package: Package) -> None:
    """Enter a contract, or a correction of one."""
    require_operator(user, package.agency_id)
    if package.state not in UNDERWAY | SIGNED:
        raise ValidationError(_("A contract comes after the announcement."))


def check_may_correct_contract(user: User, contract: Contract) -> None:
    """A new version of a contract: of its newest one."""
    require_operator(user, contract.package.agency_id)
    if contract.superseded_at is not None:
        newer = getattr(contract, "corrected_by", None)
        raise AlreadyDecided(_("corrected"), newer and newer.entered_by, contract.superseded_at)


def check_may_follow_contract(user: User, contract: Contract) -> None:
    """Enter an addendum, a handover or a payment."""
    check_may_correct_contract(user, contract)
    if contract.package.state not in SIGNED:
        raise ValidationError(_("The package is not under contract."))


def check_may_correct_following(user: User, row: Handover | Payment) -> None:
    """Correct a handover or a payment that was entered wrongly, or take it off: of the version that counts."""
    check_may_follow_contract(user, row.contract)
    if row.contract.superseded_at is not None:
        raise ValidationError(_("There is a newer version of this contract. Correct that one."))


may_correct_following = allowed(check_may_correct_following)
may_save_selection = allowed(check_may_save_selection)
may_save_offer = allowed(check_may_save_offer)
may_remove_offer = allowed(check_may_remove_offer)
may_decide_award = allowed(check_may_decide_award)
may_cancel_award = allowed(check_may_cancel_award)
may_sign_contract = allowed(check_may_sign_contract)
may_correct_contract = allowed(check_may_correct_contract)
may_follow_contract = allowed(check_may_follow_contract)
