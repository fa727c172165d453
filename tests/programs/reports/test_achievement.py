"""Permendagri 86/2017 and LKjIP practice, with the edges of every band."""

from decimal import Decimal as D

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from programs.reports.achievement import State, Way, achievement, category

figures = st.decimals(min_value=1, max_value=10**6, places=2)
signed = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


CASES = [
    [cell.strip() for cell in line.strip("|\n ").split("|")]
    for line in (settings.BASE_DIR / "docs" / "achievement.md").read_text(encoding="utf-8").splitlines()
    if line.startswith(("| higher |", "| lower |"))
]


@pytest.mark.parametrize(("better", "baseline", "target", "value", "percent"), [case[:5] for case in CASES])
def test_formula(better: str, baseline: str, target: str, value: str, percent: str) -> None:
    way = Way.MAXIMISE if better == "higher" else Way.MINIMISE
    assert achievement(D(value), D(target), way, baseline=D(baseline)).percent == D(percent)


def test_the_document_has_every_sign() -> None:
    signs = {(case[0], _sign(case[1]), _sign(case[2]), _sign(case[3])) for case in CASES}
    assert {better for better, *_rest in signs} == {"higher", "lower"}
    for place in (1, 2, 3):
        assert {each[place] for each in signs} == {-1, 0, 1}


def _sign(text: str) -> int:
    return (D(text) > 0) - (D(text) < 0)


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
    assert achievement(D(5), None, Way.BAND).state is State.NO_TARGET


def test_an_edge_of_zero_is_measured_by_the_width_of_the_band() -> None:
    assert achievement(D(-3), None, Way.BAND, low=D(0), high=D(12)).percent == 75
    assert achievement(D(1), None, Way.BAND, low=D(0), high=D(0)).percent == 0


@given(signed, signed, signed, signed)
def test_never_better_by_going_the_wrong_way(one: D, other: D, target: D, baseline: D) -> None:
    low, high = sorted((one, other))
    for way, worse, better in ((Way.MAXIMISE, low, high), (Way.MINIMISE, high, low)):
        first = achievement(worse, target, way, baseline=baseline).percent
        second = achievement(better, target, way, baseline=baseline).percent
        assert first is not None
        assert second is not None
        assert first <= second
        assert achievement(target, target, way, baseline=baseline).percent == 100


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
