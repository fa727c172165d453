"""Ceiling, award and contract beside one another, and packages under contract without one."""

import pytest

from tests.factories import supplier
from tests.procurement.red_flags.cases import (
    MILLION,
    addenda,
    award,
    contract,
    flagged,
    offer,
    package,
    raised,
)

pytestmark = pytest.mark.django_db
DIRECT = "direct_procurement"


@pytest.mark.parametrize(
    ("hps", "won", "signed", "what"),
    [
        (900, 850, 850, []),
        (900, 900, 900, []),
        (900, 850, 849, []),
        (900, 901, 850, ["award_above_hps"]),
        (900, 1_001, 850, ["award_above_ceiling"]),
        (900, 850, 851, ["contract_above_award"]),
        (900, 850, 1_001, ["contract_above_ceiling", "contract_above_award"]),
    ],
)
def test_ceiling_award_and_contract(hps: float, won: float, signed: float, what: list[str]) -> None:
    there, winner = package(millions=1_000, hps_rupiah=hps * MILLION), supplier()
    award(there, winner, millions=won)
    contract(there, winner, millions=signed)
    assert [flag.evidence["what"] for flag in raised("K20")] == ([what] if what else [])
    assert flagged("K20") == ({there.pk} if what else set())


def test_somebody_else_than_the_winner_signs() -> None:
    winner, partner, stranger = supplier(), supplier(), supplier()
    whole, part, other = package(), package(), package()
    for there, who in ((whole, winner), (part, partner), (other, stranger)):
        offer(there, winner, partners=[partner])
        award(there, winner, millions=800)
        contract(there, who, millions=800)
    (flag,) = raised("K20")
    assert (flag.process, flag.evidence["what"]) == (other.pk, ["not_the_winner"])


def test_an_addendum_does_not_make_them_disagree() -> None:
    there, winner = package(millions=1_000), supplier()
    award(there, winner, millions=900)
    addenda(contract(there, winner, millions=900), "980")
    assert flagged("K20") == set()


@pytest.mark.parametrize(
    ("method", "state", "is_raised"),
    [
        ("tender", "contracted", True),
        ("e_purchasing", "completed", True),
        ("tender", "announced", False),
        ("tender", "failed", False),
        ("self_managed", "completed", False),
        ("multi_year_payment", "contracted", False),
    ],
)
def test_under_contract_without_a_contract(method: str, state: str, is_raised: bool) -> None:
    there = package(method=method, state=state)
    assert flagged("K21") == ({there.pk} if is_raised else set())
    contract(there, supplier())
    assert flagged("K21") == set()


def test_what_the_papers_lack_is_named() -> None:
    there = package(state="completed")
    assert raised("K21")[0].evidence["lacks"] == ["contract", "supplier", "value"]
    award(there, supplier())
    assert raised("K21")[0].evidence["lacks"] == ["contract", "value"]
