"""What has to be there before a package takes a step, or takes one back: asked by buttons, pages and services alike.

What a list brings in as a fact is not held up by it; red flags name what does not agree (K20, K21).
"""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from procurement.choices import (
    COMPETITIVE_METHODS,
    METHODS_WITHOUT_CONTRACT,
    PACKAGE_STEPS_BACK,
    HandoverKind,
    OfferState,
    PackageState,
)
from procurement.models import Contract, Handover, Package, Payment

WHOLE = 100


@dataclass(frozen=True)
class Lacking:
    """What is missing for a step; `is_excusable` when a reason may stand in its place."""

    text: str
    is_excusable: bool = False


def lacking(package: Package, state: str) -> list[Lacking]:
    """What is missing before the package takes the step to `state`."""
    if state == PackageState.CONTRACTED:
        return _before_the_contract(package)
    return _before_the_end(package) if state == PackageState.COMPLETED else []


def _before_the_contract(package: Package) -> list[Lacking]:
    method = package.carried_out_by
    found = []
    if method in COMPETITIVE_METHODS:
        if not package.offers.exclude(state__in=[OfferState.DISQUALIFIED, OfferState.WITHDRAWN]).exists():
            found.append(Lacking(_("No offer that holds is entered, and the method asks for offers.")))
        if not package.awards.filter(cancelled_at__isnull=True).exists():
            found.append(Lacking(_("No winner is entered.")))
    if method not in METHODS_WITHOUT_CONTRACT and not package.contracts.current().exists():
        found.append(Lacking(_("No contract with its number, day and value is entered.")))
    return found


def _before_the_end(package: Package) -> list[Lacking]:
    if package.carried_out_by in METHODS_WITHOUT_CONTRACT:
        return []
    found = []
    for contract in package.contracts.current():
        name = {"number": contract.number}
        if not _is_handed_over(contract):
            found.append(Lacking(_("No handover (BAST) says that contract %(number)s is finished.") % name, True))
        paid = Payment.objects.filter(contract=contract).aggregate(sum=Sum("amount_rupiah"))["sum"] or 0
        if paid < contract.value_now_rupiah:
            found.append(Lacking(_("Contract %(number)s is not paid in full.") % name, True))
    return found or ([] if package.contracts.current().exists() else [Lacking(_("No contract is entered."), True)])


def _is_handed_over(contract: Contract) -> bool:
    rows = Handover.objects.filter(contract=contract)
    return rows.filter(kind=HandoverKind.FINAL).exists() or rows.filter(percent__gte=WHOLE).exists()


def state_before(package: Package) -> PackageState | None:
    """Where the last step came from; None where no step can be taken back."""
    last = package.steps.first()
    before = last.from_state if last is not None and last.to_state == package.state else None
    allowed = PACKAGE_STEPS_BACK[package.state]
    if before is None and len(allowed) == 1:  # a list said where the package stands, and no step led there
        (before,) = allowed
    return PackageState(before) if before in allowed else None


def stands_against_going_back(package: Package) -> list[str]:
    """Why the last step cannot be taken back: what was entered after it is evidence and stays."""
    before = state_before(package)
    if before is None:
        return [_("There is no step that can be taken back.")]
    found = []
    if before == PackageState.PLANNED and (package.offers.exists() or package.awards.exists()):
        found.append(_("Offers or a winner are entered: the announcement stands."))
    if before in {PackageState.PLANNED, PackageState.ANNOUNCED} and package.contracts.current().exists():
        found.append(_("A contract is entered: it can be corrected, not undone."))
    if package.repeated_in.exists():
        found.append(_("The package was repeated by another one."))
    return found
