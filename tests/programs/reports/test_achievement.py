"""Permendagri 86/2017 and LKjIP practice, with the edges of every band."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.reports.achievement import State, Way, achievement, category

figures = st.decimals(min_value=1, max_value=10**6, places=2)


@pytest.mark.parametrize(
    ("value", "target", "way", "percent"),
    [
        ("90", "100", Way.MAXIMISE, "90"),
        ("120", "100", Way.MAXIMISE, "120"),
        ("5", "5", Way.MINIMISE, "100"),
        ("4", "5", Way.MINIMISE, "120"),
        ("6", "5", Way.MINIMISE, "80"),
        ("15", "5", Way.MINIMISE, "-100"),
    ],
)
def test_formula(value: str, target: str, way: Way, percent: str) -> None:
    assert achievement(D(value), D(target), way).percent == D(percent)


def test_inside_the_band_is_whole_and_outside_loses_by_distance() -> None:
    def reached(value: str) -> D | None:
        return achievement(D(value), None, Way.BAND, low=D(40), high=D(50)).percent

    assert reached("40") == reached("50") == 100
    assert reached("30") == 75
    assert reached("60") == 80


def test_states_are_never_a_number() -> None:
    assert achievement(None, D(10), Way.MAXIMISE).state is State.NO_VALUE
    assert achievement(None, D(10), Way.MAXIMISE, is_due=False).state is State.NOT_DUE
    assert achievement(D(5), None, Way.MAXIMISE).state is State.NO_TARGET
    assert achievement(D(5), D(0), Way.MINIMISE).state is State.TARGET_ZERO
    assert achievement(D(5), D(0), Way.MAXIMISE).percent is None
    assert achievement(D(5), None, Way.BAND).state is State.NO_TARGET
    assert achievement(D(-5), None, Way.BAND, low=D(0), high=D(9)).state is State.TARGET_ZERO


@pytest.mark.parametrize(
    ("percent", "name"),
    [
        ("90.01", "very_high"),
        ("90", "high"),
        ("75.01", "high"),
        ("75", "medium"),
        ("65.01", "medium"),
        ("65", "low"),
        ("50.01", "low"),
        ("50", "very_low"),
        ("-10", "very_low"),
    ],
)
def test_category_edges(percent: str, name: str) -> None:
    assert category(D(percent)) == name


@given(figures, figures, figures)
def test_more_is_better_or_worse_as_the_direction_says(one: D, other: D, target: D) -> None:
    low, high = sorted((one, other))
    up = [achievement(x, target, Way.MAXIMISE).percent for x in (low, high)]
    down = [achievement(x, target, Way.MINIMISE).percent for x in (low, high)]
    assert up[0] is not None and up[1] is not None and up[0] <= up[1]
    assert down[0] is not None and down[1] is not None and down[0] >= down[1]
