"""What has to be there before a package takes a step, and how its last step is taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from procurement.choices import Method, PackageState
from procurement.models import Award, Contract, Handover, Offer, Package, Payment
from procurement.packages.permissions import check_may_step_back, may_move, may_step_back
from procurement.packages.services import move_package, step_back
from tests import factories

ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()


def _moved(package: Package, by: User, state: PackageState, comment: str = "") -> Package:
    package = Package.objects.get(pk=package.pk)
    return move_package(pk=package.pk, version=package.version, by=by, state=state, comment=comment)


def _announced(by: User, **values: Any) -> Package:
    return _moved(factories.cleared_package(**values), by, PackageState.ANNOUNCED)


def _contract(package: Package, by: User, value: int = 120_000_000) -> Contract:
    return Contract.objects.create(
        package=package,
        supplier=factories.supplier(),
        number="027/1",
        signed_on=TODAY,
        value_rupiah=value,
        entered_by=by,
    )


def test_a_tender_needs_offers_a_winner_and_a_contract(operator: User, client_of: ClientOf) -> None:
    package = _announced(operator, method=Method.TENDER)
    assert not may_move(operator, package, PackageState.CONTRACTED)
    page = client_of(operator).get(f"/pengadaan/{package.pk}/").content.decode()
    assert "Belum ada pemenang yang dicatat" in page
    assert 'value="contracted"' not in page
    with pytest.raises(ValidationError) as refused:
        _moved(package, operator, PackageState.CONTRACTED, comment="Tetap saja")
    assert len(refused.value.messages) == 3
    offer = Offer.objects.create(package=package, supplier=factories.supplier(), amount_rupiah=1, state="disqualified")
    Award.objects.create(package=package, supplier=offer.supplier)
    _contract(package, operator)
    with pytest.raises(ValidationError) as refused:
        _moved(package, operator, PackageState.CONTRACTED)
    assert len(refused.value.messages) == 1
    Offer.objects.update(state="valid")
    assert _moved(package, operator, PackageState.CONTRACTED).state == PackageState.CONTRACTED


def test_what_no_method_asks_for_is_not_asked(operator: User) -> None:
    bought = _announced(operator, method=Method.E_PURCHASING)
    with pytest.raises(ValidationError):
        _moved(bought, operator, PackageState.CONTRACTED)
    _contract(bought, operator)
    _moved(bought, operator, PackageState.CONTRACTED)
    own = _announced(operator, method=Method.SELF_MANAGED)
    assert _moved(own, operator, PackageState.CONTRACTED).state == PackageState.CONTRACTED


def test_done_means_handed_over_and_paid_or_a_reason(operator: User) -> None:
    package = _announced(operator)
    contract = _contract(package, operator)
    _moved(package, operator, PackageState.CONTRACTED)
    with pytest.raises(ValidationError):
        _moved(package, operator, PackageState.COMPLETED)
    assert may_move(operator, Package.objects.get(pk=package.pk), PackageState.COMPLETED)  # a reason may stand for it
    Handover.objects.create(contract=contract, number="B1", on_day=TODAY, percent=100)
    with pytest.raises(ValidationError) as refused:
        _moved(package, operator, PackageState.COMPLETED)
    assert len(refused.value.messages) == 2  # the payment, and what to do
    Payment.objects.create(contract=contract, sp2d_number="S1", paid_on=TODAY, amount_rupiah=120_000_000)
    assert _moved(package, operator, PackageState.COMPLETED).state == PackageState.COMPLETED
    other = _announced(operator)
    _contract(other, operator)
    _moved(other, operator, PackageState.CONTRACTED)
    assert _moved(other, operator, PackageState.COMPLETED, comment="Putus kontrak").state == PackageState.COMPLETED


def test_a_step_is_taken_back_with_a_reason(operator: User, client_of: ClientOf) -> None:
    package = _announced(operator)
    assert "Batalkan langkah terakhir" in client_of(operator).get(f"/pengadaan/{package.pk}/").content.decode()
    with pytest.raises(ValidationError):
        step_back(pk=package.pk, version=package.version, by=operator, reason=" ")
    client_of(operator).post(
        f"/pengadaan/{package.pk}/langkah-mundur/", {"version": package.version, "reason": "HPS keliru"}
    )
    package.refresh_from_db()
    assert (package.state, package.announced_at) == (PackageState.PLANNED, None)
    event = AuditEvent.objects.get(action="package.step_taken_back")
    assert (event.reason, event.details["to_state"]) == ("HPS keliru", "planned")
    assert package.steps.first().comment == "HPS keliru"
    assert not may_step_back(operator, package)
    cancelled = _moved(package, operator, PackageState.CANCELLED, comment="Batal")
    back = step_back(pk=cancelled.pk, version=cancelled.version, by=operator, reason="Salah paket")
    assert back.state == PackageState.PLANNED


def test_what_was_entered_since_stands_against_going_back(operator: User) -> None:
    package = _announced(operator)
    offer = Offer.objects.create(package=package, supplier=factories.supplier(), amount_rupiah=1)
    assert not may_step_back(operator, package)
    offer.delete()
    _contract(package, operator)
    signed = _moved(package, operator, PackageState.CONTRACTED)
    with pytest.raises(ValidationError):
        step_back(pk=signed.pk, version=signed.version, by=operator, reason="Keliru")
    done = _moved(package, operator, PackageState.COMPLETED, comment="Selesai")
    with pytest.raises(Package.DoesNotExist):
        step_back(pk=done.pk, version=done.version, by=factories.member(Role.OPERATOR, "Dinkes"), reason="x")
    assert step_back(pk=done.pk, version=done.version, by=operator, reason="Belum lunas").state == "contracted"


def test_going_back_asks_the_declarations_again(operator: User) -> None:
    package = _announced(operator)
    failed = _moved(package, operator, PackageState.FAILED, comment="Tidak ada penawaran")
    factories.Officer.objects.create(package=package, user=factories.UserFactory(), role="pptk")
    with pytest.raises(ValidationError):
        step_back(pk=failed.pk, version=failed.version, by=operator, reason="Keliru")
    with pytest.raises(PermissionDenied):
        check_may_step_back(factories.member(Role.OPERATOR, "Dinkes"), package)
