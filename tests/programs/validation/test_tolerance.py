"""Level 4: the verdict on a reported value beside the official one."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period
from tests.oracle_levels import Judgement, Outcome, Reference, Tolerance, judge, reference_for

Q1 = Period.parse("2026-Q1")


def references(*entries: tuple[str, str]) -> list[Reference]:
    return [
        Reference(number, Period.parse(period), D(value)) for number, (period, value) in enumerate(entries, start=1)
    ]


def verdict(value: str, kind: Tolerance = Tolerance.POINTS, tolerance: str = "2") -> Outcome | None:
    return judge(D(value), Q1, references(("2026-Q1", "80")), kind, D(tolerance)).outcome


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("80", Outcome.MATCHES),
        ("82", Outcome.MATCHES),
        ("78", Outcome.MATCHES),
        ("82.01", Outcome.EXPLAIN),
        ("84", Outcome.EXPLAIN),
        ("84.01", Outcome.DEVIATES),
        ("75.99", Outcome.DEVIATES),
    ],
)
def test_points_at_every_edge(value: str, outcome: Outcome) -> None:
    assert verdict(value) is outcome


@pytest.mark.parametrize(
    ("value", "outcome"),
    [("84", Outcome.MATCHES), ("84.01", Outcome.EXPLAIN), ("88", Outcome.EXPLAIN), ("88.01", Outcome.DEVIATES)],
)
def test_relative_tolerance_is_of_the_reference(value: str, outcome: Outcome) -> None:
    assert verdict(value, Tolerance.RELATIVE, "5") is outcome


def test_no_reference_is_a_verdict_of_its_own() -> None:
    assert judge(D(5), Q1, [], Tolerance.POINTS, D(2)) == Judgement(Outcome.NO_REFERENCE)


def test_reference_zero_has_no_distance_in_per_cent() -> None:
    judged = judge(D(1), Q1, references(("2026-Q1", "0")), Tolerance.RELATIVE, D(5))
    assert (judged.outcome, judged.distance) == (Outcome.DEVIATES, None)


def test_prefers_the_same_period_then_the_containing_one_then_the_latest_before() -> None:
    found = references(("2024", "1"), ("2025", "2"), ("2026", "3"), ("2026-Q1", "4"))
    assert reference_for(Q1, found) == found[3]
    assert reference_for(Q1, found[:3]) == found[2]
    assert reference_for(Q1, found[:2]) == found[1]


def test_forgets_what_is_older_than_two_years_and_never_looks_ahead() -> None:
    assert reference_for(Q1, references(("2023", "1"))) is None
    assert reference_for(Q1, references(("2026-Q2", "1"), ("2027", "1"))) is None


def test_says_whether_the_reference_is_of_that_very_period() -> None:
    assert judge(D(1), Q1, references(("2026-Q1", "1")), Tolerance.POINTS, D(2)).is_same_period
    assert not judge(D(1), Q1, references(("2025", "1")), Tolerance.POINTS, D(2)).is_same_period


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2), st.decimals("0.01", 10, places=2))
def test_verdict_worsens_with_distance(value: D, official: D, tolerance: D) -> None:
    order = [Outcome.MATCHES, Outcome.EXPLAIN, Outcome.DEVIATES]
    found = references(("2026-Q1", str(official)))
    near = judge(value, Q1, found, Tolerance.POINTS, tolerance).outcome
    away = value + 1 if value >= official else value - 1
    far = judge(away, Q1, found, Tolerance.POINTS, tolerance).outcome
    assert near is not None and far is not None
    assert order.index(far) >= order.index(near)
