"""Contracts against the plan, the HPS and the year, their addenda, the market of an OPD: at and beside each edge."""

from decimal import Decimal
from typing import Any

import pytest

from tests.factories import supplier
from tests.procurement.red_flags.cases import (
    MILLION,
    addenda,
    contract,
    flagged,
    offer,
    package,
    raised,
)

pytestmark = pytest.mark.django_db
DIRECT = "direct_procurement"


@pytest.mark.parametrize(
    ("fiscal_year", "signed", "is_raised"),
    [
        (2025, "2025-12-21", False),
        (2025, "2025-12-22", True),
        (2025, "2026-01-03", True),
        (2026, "2025-12-23", False),
        (2026, "2026-12-31", True),
    ],
)
def test_the_end_of_the_packages_own_year(fiscal_year: int, signed: str, is_raised: bool) -> None:
    there = package("2025-11-10", fiscal_year=fiscal_year)
    contract(there, supplier(), signed)
    assert flagged("K09") == ({there.pk} if is_raised else set())


@pytest.mark.parametrize(
    ("values", "is_raised"), [(["110"], False), (["110.000001"], True), (["120", "105"], True), (["105", "109"], False)]
)
def test_the_highest_addendum_counts(values: list[str], is_raised: bool) -> None:
    there = package(millions=200)
    addenda(contract(there, supplier(), millions=100), *values)
    assert flagged("K10") == ({there.pk} if is_raised else set())


def test_an_addendum_that_was_taken_back_stays_in_the_evidence() -> None:
    there = package(millions=200)
    addenda(contract(there, supplier(), millions=100), "120", "105")
    (flag,) = raised("K10")
    assert flag.value == pytest.approx(0.2)
    assert {name: flag.evidence[name] for name in ("contract", "most", "now")} == {
        "contract": 100 * MILLION,
        "most": 120 * MILLION,
        "now": 105 * MILLION,
    }


@pytest.mark.parametrize("ceiling", [100, 900, 1_000, 123_456.7])
@pytest.mark.parametrize(("share", "is_raised"), [("0.7", False), ("0.6999", True), ("1", False)])
def test_a_difference_of_just_the_share_is_none(ceiling: float, share: str, is_raised: bool) -> None:
    there = package(millions=ceiling)
    contract(there, supplier(), millions=float(Decimal(str(ceiling)) * Decimal(share)))
    assert flagged("K17") == ({there.pk} if is_raised else set())


@pytest.mark.parametrize("hps", [100, 900, 123_456.7])
@pytest.mark.parametrize(("share", "is_raised"), [("0.98", False), ("0.980001", True)])
def test_a_contract_of_just_the_share_of_the_hps(hps: float, share: str, is_raised: bool) -> None:
    there = package(millions=hps)
    contract(there, supplier(), millions=float(Decimal(str(hps)) * Decimal(share)))
    assert flagged("K02") == ({there.pk} if is_raised else set())


def market(*contracts: tuple[Any, float], year: int = 2026, partner: Any = None) -> None:
    for who, millions in contracts:
        there = package(f"{year}-03-02", fiscal_year=year)
        offer(there, who, partners=[partner] if partner else [])
        contract(there, who, f"{year}-04-01", millions=millions)


def test_half_of_the_value_in_one_hand() -> None:
    one = supplier()
    others = [(supplier(), 100.0) for _ in range(4)]
    market(*[(one, 100.0)] * 4, *others)
    (flag,) = raised("K04", {"hhi": 10_000})
    assert (flag.evidence["share"], flag.evidence["won"], flag.evidence["contracts"]) == (0.5, 4, 8)
    market((supplier(), 1.0))
    assert raised("K04", {"hhi": 10_000}) == []


@pytest.mark.parametrize(
    ("others", "is_raised"),
    [
        ([250, *[50] * 7], False),
        ([280, 60, 60, 40, 40, *[10] * 12], True),
        ([300, *[50] * 6], True),
    ],
    ids=["2.400", "2.500", "2.650"],
)
def test_the_concentration_that_the_basis_names(others: list[float], is_raised: bool) -> None:
    """Four contracts with 40 per cent of the value, and others; the HHI is the edge, not the share."""
    one = supplier()
    market(*[(one, 100.0)] * 4, *[(supplier(), each) for each in others])
    found = raised("K04")
    assert bool(found) is is_raised
    assert all(flag.value >= 2_500 - 1e-6 for flag in found)


def test_too_few_contracts_are_no_market() -> None:
    one = supplier()
    market(*[(one, 100.0)] * 7)
    assert raised("K04") == []
    market((one, 100.0))
    assert raised("K04")


def test_a_partner_holds_the_contract_too() -> None:
    """Leaders change, the partner is always the same."""
    always = supplier()
    market(*[(supplier(), 100.0) for _ in range(4)], partner=always)
    market(*[(supplier(), 100.0) for _ in range(4)])
    (flag,) = raised("K04", {"hhi": 10_000})
    assert (flag.evidence["supplier"], flag.evidence["won"]) == (always.party_id, 4)
