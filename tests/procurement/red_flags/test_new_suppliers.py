"""Who is new is told by the first sign of life, not by the day of typing."""

from typing import Any

import pytest

from procurement.models import (
    Package,
    Supplier,
    SupplierPerson,
)
from tests.factories import supplier
from tests.procurement.red_flags.cases import (
    contract,
    day,
    flagged,
    offer,
    package,
)

pytestmark = pytest.mark.django_db
DIRECT = "direct_procurement"


def new_one(**values: Any) -> tuple[Any, Package]:
    """A supplier typed on the day before its contract of 1.5 billion, and the package of that contract."""
    fresh = supplier(**{"known_since": day("2026-03-31")} | values)
    there = package(millions=1_600)
    offer(there, fresh, "2026-03-10")
    contract(there, fresh, "2026-04-01", millions=1_500)
    return fresh, there


def test_a_contract_before_the_supplier_was_typed() -> None:
    _fresh, there = new_one(known_since=day("2026-11-01"))
    assert flagged("K11") == {there.pk}


@pytest.mark.parametrize(("issued", "is_raised"), [("2025-10-02", False), ("2025-10-03", True), ("2015-01-01", False)])
def test_the_day_of_the_nib_is_a_sign(issued: str, is_raised: bool) -> None:
    _fresh, there = new_one(business_number_on=day(issued))
    assert flagged("K11") == ({there.pk} if is_raised else set())


@pytest.mark.parametrize(("millions", "is_raised"), [(999, False), (1_000, True)])
def test_a_large_contract(millions: float, is_raised: bool) -> None:
    there, fresh = package(millions=1_600), supplier(known_since=day("2026-03-31"))
    contract(there, fresh, "2026-04-01", millions=millions)
    assert flagged("K11") == ({there.pk} if is_raised else set())


def test_an_offer_of_long_ago_is_a_sign_and_so_are_its_people() -> None:
    fresh, there = new_one()
    assert flagged("K11") == {there.pk}
    offer(package("2024-03-02"), supplier(), "2024-03-10", partners=[fresh])
    assert flagged("K11") == set()
    old, _there = new_one()
    SupplierPerson.objects.create(supplier=old, name="Direktur", role="director", from_day=day("2012-01-01"))
    assert flagged("K11") == set()


def test_a_partner_may_be_the_new_one() -> None:
    there, leader = package(millions=1_600), supplier(known_since=day("2015-01-01"))
    fresh = supplier(known_since=day("2026-02-01"))
    offer(there, leader, partners=[fresh])
    contract(there, leader, "2026-04-01", millions=1_500)
    assert flagged("K11") == {there.pk}


def test_when_a_list_is_taken_over_not_everybody_is_new() -> None:
    for _number in range(19):
        supplier(known_since=day("2026-11-01"))
    fresh, there = new_one(known_since=day("2026-11-01"))
    assert flagged("K11") == set(), "twenty on one day are a list"
    Supplier.objects.filter(pk=fresh.pk).update(known_since=day("2020-01-01"))
    assert flagged("K11") == set(), "and whoever was on a list of long ago is not new"
    Supplier.objects.filter(pk=fresh.pk).update(known_since=day("2026-11-01"))
    contract(package("2024-01-10"), supplier(), "2024-02-01", millions=90)
    assert flagged("K11") == {there.pk}, "the records reach back, and it is not in them"


@pytest.mark.parametrize(
    ("first", "other", "on", "raised"),
    [
        (300, 1_500, "2026-04-01", {1}),
        (1_500, 300, "2026-04-01", {0}),
        (1_500, 1_200, "2026-04-01", {0, 1}),
        (300, 999, "2026-04-01", set()),
        (300, 1_500, "2026-04-02", set()),
    ],
)
def test_contracts_of_one_day_are_all_the_first(first: float, other: float, on: str, raised: set[int]) -> None:
    fresh = supplier(known_since=day("2026-03-20"))
    there = [package(millions=1_600), package(millions=1_600)]
    for one, signed, millions in ((there[0], "2026-04-01", first), (there[1], on, other)):
        offer(one, fresh, "2026-03-10")
        contract(one, fresh, signed, millions=millions)
    assert flagged("K11") == {there[place].pk for place in raised}
