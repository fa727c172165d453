"""What the page of offers, winner, contracts and payments shows, with the forms that the reader may fill in."""

from typing import Any

from django import forms
from django.db.models import Sum

from accounts.models import User
from procurement.contracts import limits, permissions
from procurement.contracts.forms import (
    AddendumForm,
    AwardForm,
    ContractForm,
    HandoverCorrectionForm,
    HandoverForm,
    OfferForm,
    PaymentCorrectionForm,
    PaymentForm,
    SelectionForm,
)
from procurement.models import Contract, Handover, Package, Payment

# What may follow a contract, by the word in the address: the form and the prefix of its fields.
FOLLOWING: dict[str, tuple[type[forms.ModelForm], str]] = {
    "adendum": (AddendumForm, "a"),
    "bast": (HandoverForm, "h"),
    "bayar": (PaymentForm, "p"),
}


# What was entered wrongly and can be corrected, by the same word: the form and the prefix of its fields.
CORRECTING: dict[str, tuple[type[forms.ModelForm], str]] = {
    "bast": (HandoverCorrectionForm, "ch"),
    "bayar": (PaymentCorrectionForm, "cp"),
}


def contracting_page(user: User, package: Package, **more: Any) -> dict[str, Any]:
    """Everything on the page; `more` replaces a part, such as a form that was not accepted."""
    contracts, awards = _contracts(package), list(package.awards.select_related("supplier"))
    facts = {
        "package": package,
        "conflict": None,
        "remarks": limits.remarks_on(package, awards, contracts),
        "offers": list(package.offers.select_related("supplier").prefetch_related("partners")),
        "awards": awards,
        "contracts": contracts,
        "earlier": package.contracts.filter(superseded_at__isnull=False).select_related("supplier", "corrected_by"),
        "is_underway": package.state in permissions.UNDERWAY,
        "is_signed": package.state in permissions.SIGNED,
    }
    return facts | _forms(user, package, contracts) | more


def _contracts(package: Package) -> list[Contract]:
    rows = package.contracts.current().select_related("supplier", "corrects")
    contracts = list(rows.prefetch_related("addenda", "handovers", "payments"))
    for contract in contracts:
        contract.paid = contract.payments.aggregate(Sum("amount_rupiah"))["amount_rupiah__sum"] or 0  # type: ignore[attr-defined]  # for the template only
    return contracts


def _forms(user: User, package: Package, contracts: list[Contract]) -> dict[str, Any]:
    may = {
        "may_edit": permissions.may_save_selection(user, package),
        "may_save_offer": permissions.may_save_offer(user, package),
        "may_decide_award": permissions.may_decide_award(user, package),
        "may_sign_contract": permissions.may_sign_contract(user, package),
    }
    made: dict[str, Any] = {}
    if may["may_edit"]:
        made["selection_form"] = SelectionForm(instance=package)
    if may["may_save_offer"]:
        made["offer_form"] = OfferForm()
    if may["may_decide_award"]:
        made |= {"award_form": AwardForm(), "contract_form": ContractForm()}
    for contract in contracts:
        for what, rows in (("bast", contract.handovers.all()), ("bayar", contract.payments.all())):
            for row in rows:
                row.contract = contract
                if permissions.may_correct_following(user, row):
                    row.correction = correction_form(what, row)  # type: ignore[union-attr]  # for the template only
    made["follow_forms"] = [
        (contract, *(kind(prefix=f"{prefix}{contract.pk}") for kind, prefix in FOLLOWING.values()))
        for contract in contracts
        if permissions.may_follow_contract(user, contract)
    ]
    return may | made


def correction_form(what: str, row: Handover | Payment, data: Any = None) -> forms.ModelForm:
    kind, prefix = CORRECTING[what]
    return kind(data, instance=row, prefix=f"{prefix}{row.pk}")


def with_refused_correction(page: dict[str, Any], row: Handover | Payment, form: forms.ModelForm) -> dict[str, Any]:
    """The page with the correction of one row as it was typed, and what is wrong with it."""
    for contract in page["contracts"]:
        for held in [*contract.handovers.all(), *contract.payments.all()]:
            if held == row:
                held.correction = form
    return page


def with_refused_form(page: dict[str, Any], contract: Contract, what: str, form: forms.ModelForm) -> dict[str, Any]:
    """The page with one form behind a contract as it was typed, and what is wrong with it."""
    place = list(FOLLOWING).index(what) + 1
    rows = [
        tuple(form if row[0].pk == contract.pk and number == place else item for number, item in enumerate(row))
        for row in page["follow_forms"]
    ]
    return page | {"follow_forms": rows, "follow_problems": form.non_field_errors()}
