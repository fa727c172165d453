"""What the portal itself does leaves nothing to find: versions, corrections, rotated keys, what the law has erased."""

import datetime as dt
from collections.abc import Iterator

import pghistory
import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from core import chain
from procurement.choices import PackageState
from procurement.contracts import services as contract_services
from procurement.declarations import services as declaration_services
from procurement.models import Contract, Interest, Officer
from procurement.packages import services as package_services
from procurement.privacy import retention
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_the_portal() -> Iterator[None]:
    with pghistory.context(task="test"):
        yield


def found() -> list[str]:
    return [str(finding) for finding in chain.verify().findings]


def interest() -> Interest:
    return Interest(
        kind="family", nature="actual", party_name="Siti", relation="adik", party_identity="6472010101800005"
    )


def test_a_corrected_contract(operator: User) -> None:
    package = factories.cleared_package()
    package = package_services.move_package(
        pk=package.pk, version=package.version, by=operator, state=PackageState.ANNOUNCED
    )
    supplier = factories.supplier()
    facts = {"supplier": supplier, "number": "1", "signed_on": timezone.localdate(), "value_rupiah": 10}
    first = contract_services.sign_contract(package=package, contract=Contract(**facts), by=operator)
    chain.seal()
    later = Contract(**facts | {"value_rupiah": 11}, correction_reason="Salah ketik")
    contract_services.sign_contract(package=package, contract=later, by=operator, corrects=first)
    assert found() == []
    Contract.objects.filter(pk=later.pk).update(superseded_at=timezone.now())
    assert found() == [f"procurement_contract {later.pk}: diakhiri, padahal tidak ada versi yang lebih baru"]


def test_versions_of_declarations_for_a_package_and_a_year(operator: User) -> None:
    package = factories.PackageFactory()
    officer = Officer.objects.create(package=package, user=operator, role="ppk")
    for _number in range(3):
        declaration_services.declare(officer=officer, by=operator, interests=[interest()])
        chain.seal()
        declaration_services.declare_for_year(
            agency=package.agency, fiscal_year=2026, by=operator, interests=[interest()]
        )
        chain.seal()
    assert found() == []


def test_an_identity_that_the_law_has_erased_is_no_finding_and_cannot_be_tried_out(operator: User) -> None:
    package = factories.PackageFactory(fiscal_year=timezone.localdate().year - 6)
    officer = Officer.objects.create(package=package, user=operator, role="ppk")
    declaration_services.declare(officer=officer, by=operator, interests=[interest()])
    chain.seal()
    row = Interest.objects.get()
    assert len(row.party_identity_salt) == 32
    retention.forget(timezone.localdate() + dt.timedelta(days=1))
    row.refresh_from_db()
    assert (row.party_identity, row.party_identity_hash, row.party_identity_salt) == ("", "", "")
    assert found() == []


def test_rotated_keys(operator: User) -> None:
    package = factories.PackageFactory()
    officer = Officer.objects.create(package=package, user=operator, role="ppk")
    declaration_services.declare(officer=officer, by=operator, interests=[interest()])
    chain.seal()
    before = Interest.objects.get().party_identity
    call_command("rotate_keys", verbosity=0)
    assert Interest.objects.get().party_identity == before
    assert found() == []
