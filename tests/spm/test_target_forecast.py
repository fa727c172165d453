"""The forecast of the year-end index: what it says, its limits, and how it would have done in past years."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.forecasting import MONTHS, Backtest, Curve, backtest
from spm.target_forecast import LEAST_MONTHS, year_end_index


def year(dice: random.Random, start: float, goal: float, noise: float) -> dict[int, float]:
    """A year that rises towards its goal, quickly at first, with some noise."""
    return {
        month: min(100.0, start + (goal - start) * (1 - 0.8**month) / (1 - 0.8**12) + dice.gauss(0, noise))
        for month in range(1, 13)
    }


def test_a_steady_rise_goes_on_a_little_slower() -> None:
    found = year_end_index({1: 60.0, 2: 62.0, 3: 64.0})
    assert found is not None
    assert found.rise == 2
    assert 64 < found.value < 64 + 9 * 2
    assert found.low < found.value < found.high, "even a steady rise may stop"


@pytest.mark.parametrize("months", [{}, {1: 50.0}, {1: 50.0, 2: 52.0}, dict.fromkeys(range(1, 13), 50.0)])
def test_too_little_or_nothing_left(months: dict[int, float]) -> None:
    assert year_end_index(months) is None


def test_a_target_that_will_be_missed() -> None:
    found = year_end_index({1: 60.0, 2: 60.5, 3: 61.2, 4: 61.5})
    assert found is not None
    assert found.misses(90)
    assert found.surely_misses(90)
    assert not found.misses(61)


@given(st.dictionaries(st.integers(1, 11), st.floats(0, 100), min_size=LEAST_MONTHS))
def test_it_stays_between_0_and_100_and_within_its_interval(months: dict[int, float]) -> None:
    found = year_end_index(months)
    assert found is not None
    assert 0 <= found.low <= found.value <= found.high <= 100


def past_years(years: list[Curve], after: int) -> Backtest | None:
    return backtest(years, MONTHS, after, year_end_index)


def test_past_years_are_foreseen_within_some_points() -> None:
    """Thirty made-up past years: after June the forecast is off by a few points, and later months make it better."""
    dice = random.Random(59)
    years: list[Curve] = [year(dice, dice.uniform(40, 60), dice.uniform(75, 98), 0.6) for _number in range(30)]
    june, september = past_years(years, 6), past_years(years, 9)
    assert june is not None
    assert september is not None
    assert june.years == september.years == 30
    assert june.error < 8
    assert september.error < june.error
    assert september.inside >= 0.8
    assert past_years([], 6) is None
