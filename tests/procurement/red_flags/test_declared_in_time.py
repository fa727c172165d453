"""Declarations are decided before a step, by the time that each held the task."""

import pytest

from procurement.models import (
    Officer,
    Package,
)
from tests.factories import override, supplier
from tests.procurement.red_flags.cases import (
    contract,
    decide,
    flagged,
    moment,
    officer,
    package,
    raised,
)

pytestmark = pytest.mark.django_db
DIRECT = "direct_procurement"


@pytest.mark.parametrize(
    ("declared", "decided", "what"),
    [
        ("2026-02-02", "2026-02-03", None),
        ("2026-02-02", "2026-02-10 08:59", None),
        ("2026-02-02", "2026-02-10 09:01", "undecided"),
        ("2026-02-02", "2026-05-20", "undecided"),
        ("2026-02-02", "", "undecided"),
        ("2026-02-11", "2026-02-12", "late"),
        ("", "", "missing"),
    ],
)
def test_a_declaration_is_decided_before_the_announcement(declared: str, decided: str, what: str | None) -> None:
    there = package("2026-02-10")
    officer(there, assigned="2026-02-01", declared=declared, decided=decided)
    found = raised("K14")
    assert [each["what"] for flag in found for each in flag.evidence] == ([what] if what else [])
    assert all(flag.evidence[0]["override"] == "Bencana" for flag in found)


def test_a_declaration_that_was_entered_after_the_fact_counts_by_its_day() -> None:
    """The official was entered in the portal long afterwards, as everybody is who works with it from that day on."""
    there = package("2026-02-10")
    officer(there, assigned="2026-11-01", declared="2026-02-02", decided="2026-05-20")
    assert [each["what"] for flag in raised("K14") for each in flag.evidence] == ["undecided"]


@pytest.mark.parametrize(
    ("declared", "what"),
    [("2026-02-20 12:00", None), ("2026-02-21 09:00", None), ("2026-02-21 09:01", "late"), ("", "missing")],
)
def test_a_successor_declares_at_once(declared: str, what: str | None) -> None:
    there = package("2026-02-10")
    before = officer(there, assigned="2026-01-05", removed_at=moment("2026-02-20"))
    officer(there, assigned="2026-02-20", declared=declared, decided="2026-02-25", replaces=before)
    assert [each["what"] for flag in raised("K14") for each in flag.evidence] == ([what] if what else [])


def test_a_successor_is_decided_on_before_the_contract() -> None:
    there = package("2026-02-10")
    contract(there, supplier(), "2026-04-01")
    before = officer(there, removed_at=moment("2026-02-20"))
    after = officer(there, assigned="2026-02-20", declared="2026-02-20 10:00", decided="", replaces=before)
    assert [each["what"] for flag in raised("K14") for each in flag.evidence] == ["undecided"]
    decide(after.declarations.get(), "2026-04-01 15:00")
    assert flagged("K14") == set()


@pytest.mark.parametrize(("taken_off", "is_raised"), [("2026-02-10 08:00", False), ("2026-02-12", True)])
def test_who_never_declared_stays_in_the_flag_when_taken_off(taken_off: str, is_raised: bool) -> None:
    there = package("2026-02-10")
    officer(there)
    officer(there, "pokja", declared="", removed_at=moment(taken_off))
    officer(there, "pokja")
    assert flagged("K14") == ({there.pk} if is_raised else set())


def test_the_step_of_the_contract_is_the_day_in_kalimantan() -> None:
    there = package("2026-02-10", announced_at=moment("2026-02-10"))
    Package.objects.filter(pk=there.pk).update(announced_at=None, state="planned")
    contract(there, supplier(), "2026-04-01")
    row: Officer = officer(there, declared="2026-04-01 06:00", decided="2026-04-01 07:00")
    assert row.declarations.count() == 1
    assert flagged("K14") == set()
    late = package("2026-02-10")
    Package.objects.filter(pk=late.pk).update(announced_at=None, state="planned")
    contract(late, supplier(), "2026-04-01")
    officer(late, declared="2026-03-30", decided="2026-04-02 00:01")
    assert flagged("K14") == {late.pk}


def test_an_override_is_told_with_the_flag() -> None:
    there = package("2026-02-10", state="planned")
    Package.objects.filter(pk=there.pk).update(announced_at=moment("2026-02-10"))
    officer(there, declared="2026-02-02", decided="2026-05-20")
    assert raised("K14")[0].evidence[0]["override"] is None
    override(there)
    assert raised("K14")[0].evidence[0]["override"] == "Bencana"


@pytest.mark.parametrize(
    ("decided", "is_raised"), [("2026-05-31", False), ("2026-06-01 23:59", False), ("2026-06-02 00:01", True)]
)
def test_a_second_contract_is_a_step_as_well(decided: str, is_raised: bool) -> None:
    """Whoever came between the two is decided on before the second is signed."""
    there, winner = package("2026-02-10"), supplier()
    before = officer(
        there, assigned="2026-02-01", declared="2026-02-02", decided="2026-02-03", removed_at=moment("2026-05-10")
    )
    for day_of_contract in ("2026-04-01", "2026-06-01"):
        contract(there, winner, day_of_contract)
    officer(there, assigned="2026-05-10", declared="2026-05-10 10:00", decided=decided, replaces=before)
    assert flagged("K14") == ({there.pk} if is_raised else set())


def test_whoever_came_after_the_first_contract_does_not_wait_for_the_second() -> None:
    there, winner = package("2026-02-10"), supplier()
    before = officer(
        there, assigned="2026-02-01", declared="2026-02-02", decided="2026-02-03", removed_at=moment("2026-05-10")
    )
    for day_of_contract in ("2026-04-01", "2026-06-01"):
        contract(there, winner, day_of_contract)
    officer(there, assigned="2026-05-10", declared="2026-05-20", decided="2026-05-21", replaces=before)
    assert [each["what"] for flag in raised("K14") for each in flag.evidence] == ["late"]
