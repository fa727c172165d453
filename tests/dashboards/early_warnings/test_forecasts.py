"""Forecasts of the early warnings: by hand, at their edges, and against years whose end is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.forecasting import by_finished_years, by_trend
from dashboards.early_warnings import forecasts
from dashboards.early_warnings.simulation import generated

# By June these had 30 to 49, at the end twice that: the line is end = 2 × June.
STRAIGHT = [{6: float(june), 12: 2.0 * june} for june in range(30, 50)]


def test_by_finished_years_is_the_line_through_finished_years() -> None:
    seen = by_finished_years({6: 40.0}, STRAIGHT)
    assert seen is not None
    assert [round(each, 6) for each in (seen.value, seen.low, seen.high)] == [80.0, 80.0, 80.0]
    assert (seen.method, seen.figures) == ("curves", 20)


def test_a_month_that_says_nothing_leaves_the_usual_end() -> None:
    finished = [{6: 30.0, 12: 60.0 + n} for n in range(21)]  # ends 60 to 80 after the same June
    seen = by_finished_years({6: 30.0}, finished)
    assert seen is not None
    assert [round(each, 6) for each in (seen.value, seen.low, seen.high)] == [70.0, 62.0, 78.0]


@pytest.mark.parametrize("curve", [{}, {3: 0.0}, {12: 80.0}])
def test_nothing_to_foresee(curve: dict[int, float]) -> None:
    assert by_finished_years(curve, STRAIGHT) is None
    assert by_trend(curve, 12) is None


def test_too_few_finished_years_leave_the_trend() -> None:
    seen = forecasts.absorption({1: 5.0, 2: 10.0, 3: 15.0}, STRAIGHT[:19])
    assert seen is not None
    assert seen.method == "trend"
    # 15 + 5 × (0.8 + 0.8² + … + 0.8⁹)
    assert round(seen.value, 4) == round(15 + 5 * sum(0.8**n for n in range(1, 10)), 4)
    assert by_trend({3: 15.0}, 12, least=2) is None


def test_what_is_spent_stays_spent() -> None:
    seen = by_trend({1: 30.0, 2: 20.0, 3: 10.0}, 12, least=3, bounds=(0.0, 100.0), falls=False)
    assert seen is not None
    assert seen.value == 10.0


@given(
    st.dictionaries(st.integers(1, 12), st.floats(0, 100), max_size=12),
    st.lists(st.dictionaries(st.integers(1, 12), st.floats(0, 100), min_size=1), max_size=30),
)
def test_an_absorption_lies_between_now_and_all(curve: dict[int, float], finished: list[dict[int, float]]) -> None:
    seen = forecasts.absorption(curve, finished)
    if seen is not None:
        assert 0 <= seen.low <= seen.value <= seen.high <= 100


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("after", "error"), [(3, 9.5), (6, 8.5), (9, 5.5)])
def test_absorption_on_generated_years(seed: int, after: int, error: float) -> None:
    """The years foreseen are none of those learned from. The interval is meant to hold in 80 of 100."""
    made = generated(seed)
    test = forecasts.backtest_absorption(made.earlier, made.later, after)
    assert test is not None
    print(f"absorption after month {after}: error {test.error:.2f} points, inside {test.inside:.3f}")  # noqa: T201 (with -s the figures are seen)
    assert test.years == 400
    assert test.error < error
    assert 0.7 <= test.inside <= 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("after", "error"), [(2, 8.0), (3, 4.0)])
def test_achievement_on_generated_years(seed: int, after: int, error: float) -> None:
    test = forecasts.backtest_achievement(generated(seed).quarters, after)
    assert test is not None
    print(f"achievement after quarter {after}: error {test.error:.2f} points, inside {test.inside:.3f}")  # noqa: T201 (with -s the figures are seen)
    assert test.error < error
    assert 0.7 <= test.inside <= 0.97


def test_learning_beats_the_trend_alone() -> None:
    made = generated()
    learned = forecasts.backtest_absorption(made.earlier, made.later, 6)
    trend = forecasts.backtest_absorption([], made.later, 6)
    assert learned is not None
    assert trend is not None
    assert learned.error < trend.error
