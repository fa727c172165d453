"""One page per package: offers, winner, contracts, addenda, handovers, payments."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import access
from core.form_pages import form_on
from core.forms import put_errors
from core.outcomes import told
from core.request_values import typed_text, whole_number
from core.versioning import save_merged
from procurement.contracts import permissions, presenters
from procurement.contracts import services as contract_services
from procurement.contracts.forms import (
    AwardForm,
    ContractForm,
    CorrectionForm,
    OfferForm,
    SelectionForm,
)
from procurement.models import Award, Contract, Handover, Offer, Package, Payment
from procurement.packages.permissions import READERS, WRITERS

PAGE = "procurement/contracts/contracting.html"


def _package(request: SignedInRequest, pk: int) -> Package:
    return get_object_or_404(Package.objects.visible_to(request.user).select_related("agency"), pk=pk)


def _own(request: SignedInRequest, pk: int) -> Package:
    return get_object_or_404(Package.objects.editable_by(request.user).select_related("agency"), pk=pk)


def _contracting(_request: SignedInRequest, pk: int) -> str:
    return reverse("procurement:contracting", args=[pk])


def _offer(request: SignedInRequest, pk: int) -> Offer:
    rows = Offer.objects.filter(package__in=Package.objects.editable_by(request.user))
    return get_object_or_404(rows.select_related("package", "supplier"), pk=pk)


def _award(request: SignedInRequest, pk: int) -> Award:
    rows = Award.objects.filter(package__in=Package.objects.editable_by(request.user))
    return get_object_or_404(rows.select_related("package", "supplier"), pk=pk)


def _contract(request: SignedInRequest, pk: int) -> Contract:
    rows = Contract.objects.filter(package__in=Package.objects.editable_by(request.user))
    return get_object_or_404(rows.select_related("package__agency"), pk=pk)


def _is_key(text: str) -> bool:
    return whole_number(text, digits=18) is not None


@access(READERS)
def contracting_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was offered, won, signed and paid; operators of the OPD enter it here."""
    row = _package(request, pk)
    offer, contract = request.GET.get("penawaran", ""), request.GET.get("kontrak", "")
    more: dict[str, Any] = {}
    if _is_key(offer) and permissions.may_save_selection(request.user, row):
        more["offer_form"] = OfferForm(instance=get_object_or_404(row.offers.all(), pk=offer))
    if _is_key(contract) and permissions.may_save_selection(request.user, row):
        more["contract_form"] = CorrectionForm(instance=get_object_or_404(row.contracts.current(), pk=contract))
    return render(request, PAGE, presenters.contracting_page(request.user, row, **more))


def _enter(
    request: SignedInRequest, row: Package, form: Any, name: str, save: Callable[[Any], Any], said: str
) -> HttpResponse:
    """Save what the form holds, or the page again with what is wrong beside what was typed."""
    status, conflict = 422, None
    if form.is_valid():
        try:
            form, saved, conflict = save_merged(form, save)
        except ValidationError as error:
            saved = conflict = None
            put_errors(form, error)
        if conflict:
            status = 409
        if saved is not None:
            messages.success(request, said)
            return redirect("procurement:contracting", row.pk)
    context = presenters.contracting_page(request.user, row, **{name: form}) | {"conflict": conflict}
    return render(request, PAGE, context, status=status)


@require_POST
@form_on(_contracting)
@access(WRITERS)
def save_selection(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    form = SelectionForm(request.POST, instance=Package.objects.select_related("agency").get(pk=row.pk))
    return _enter(
        request,
        row,
        form,
        "selection_form",
        lambda form: contract_services.save_selection(
            package=row, version=form.cleaned_data["version"] or 0, by=request.user, values=form.values()
        ),
        _("The selection is saved."),
    )


@require_POST
@form_on(_contracting)
@access(WRITERS)
def save_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    number = request.POST.get("offer", "")
    held = get_object_or_404(row.offers.all(), pk=number) if _is_key(number) else Offer(package=row)
    form = OfferForm(request.POST, instance=held)
    return _enter(
        request,
        row,
        form,
        "offer_form",
        lambda form: contract_services.save_offer(
            package=row, offer=form.save(commit=False), partners=form.cleaned_data["partners"], by=request.user
        ),
        _("The offer is saved."),
    )


@require_POST
@form_on(lambda request, pk: _contracting(request, _offer(request, pk).package_id))
@access(WRITERS)
def remove_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    offer = _offer(request, pk)
    return _with_reason(
        request,
        offer.package,
        lambda reason: contract_services.remove_offer(offer=offer, by=request.user, reason=reason),
        _("The offer is removed; the trail keeps it."),
    )


def _with_reason(request: SignedInRequest, row: Package, act: Callable[[str], Any], said: str) -> HttpResponse:
    with told(request, said):
        act(typed_text(request.POST.get("reason"), limit=500))
    return redirect("procurement:contracting", row.pk)


@require_POST
@form_on(_contracting)
@access(WRITERS)
def decide_award(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    form = AwardForm(request.POST, instance=Award(package=row))
    return _enter(
        request,
        row,
        form,
        "award_form",
        lambda form: contract_services.decide_award(package=row, award=form.save(commit=False), by=request.user),
        _("The winner is saved."),
    )


@require_POST
@form_on(lambda request, pk: _contracting(request, _award(request, pk).package_id))
@access(WRITERS)
def cancel_award(request: SignedInRequest, pk: int) -> HttpResponse:
    award = _award(request, pk)
    return _with_reason(
        request,
        award.package,
        lambda reason: contract_services.cancel_award(award=award, by=request.user, reason=reason),
        _("The decision is cancelled; it stays in the record."),
    )


@require_POST
@access(WRITERS)
def sign_contract(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    number = request.POST.get("corrects", "")
    corrects = get_object_or_404(row.contracts.all(), pk=number) if _is_key(number) else None
    if corrects is not None:
        permissions.check_may_correct_contract(request.user, corrects)
    kind = CorrectionForm if corrects else ContractForm
    form = kind(request.POST, instance=Contract(package=row))
    form.corrected = corrects  # type: ignore[attr-defined]  # the template names it
    return _enter(
        request,
        row,
        form,
        "contract_form",
        lambda form: contract_services.sign_contract(
            package=row, contract=form.save(commit=False), by=request.user, corrects=corrects
        ),
        _("The contract is saved."),
    )


# What may follow a contract, by the word in the address: the service, and what it calls the row.
ENTER: dict[str, tuple[Callable[..., Any], str]] = {
    "adendum": (contract_services.sign_addendum, "addendum"),
    "bast": (contract_services.enter_handover, "handover"),
    "bayar": (contract_services.enter_payment, "payment"),
}


@require_POST
@form_on(lambda request, pk, **_what: _contracting(request, _contract(request, pk).package_id))
@access(WRITERS)
def follow_contract(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """An addendum, a handover or a payment of a contract."""
    if what not in ENTER:
        raise Http404
    contract = _contract(request, pk)
    kind, prefix = presenters.FOLLOWING[what]
    form = kind(request.POST, prefix=f"{prefix}{contract.pk}")
    if form.is_valid():
        enter, name = ENTER[what]
        try:
            enter(contract=contract, by=request.user, **{name: form.save(commit=False)})
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("procurement:contracting", contract.package_id)
    page = presenters.contracting_page(request.user, contract.package)
    return render(request, PAGE, presenters.with_refused_form(page, contract, what, form), status=422)


@require_POST
@access(WRITERS)
def correct_following(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """A handover or a payment that was entered wrongly is corrected or taken off, with a reason."""
    rows = _followings(what).filter(contract__package__in=Package.objects.editable_by(request.user))
    row: Handover | Payment = get_object_or_404(rows.select_related("contract__package__agency"), pk=pk)
    form = presenters.correction_form(what, _followings(what).get(pk=pk), request.POST)
    is_removal = request.POST.get("act") == "remove"
    if form.is_valid():
        reason = form.cleaned_data.pop("reason")
        try:
            if is_removal:
                contract_services.remove_following(row=row, by=request.user, reason=reason)
            else:
                contract_services.correct_following(row=row, values=form.cleaned_data, by=request.user, reason=reason)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("It is removed; the trail keeps it.") if is_removal else _("Saved."))
            return redirect("procurement:contracting", row.contract.package_id)
    page = presenters.contracting_page(request.user, row.contract.package)
    return render(request, PAGE, presenters.with_refused_correction(page, row, form), status=422)


def _followings(what: str) -> Any:
    if what == "bayar":
        return Payment.objects.all()
    if what == "bast":
        return Handover.objects.all()
    raise Http404
