"""The forecasts held against generated years: what they claim they keep, on every shape, from June on."""

from functools import cache

import pytest

from core.forecasting import CLAIMED, OUTCOME
from core.forecasting.back_tests import ForecastTest, generated_back_tests
from core.forecasting.generated import SHAPES

YEARS = 192
JUNE = 6
SLACK = 0.04  # of 192 years in twelve worlds the share inside is off by three points as often as not


@cache
def rows() -> list[ForecastTest]:
    return list(generated_back_tests(seed=3, years=YEARS, worlds=12, first_month=JUNE))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_interval_holds_as_often_as_claimed(shape: str) -> None:
    for test in rows():
        if test.shape == shape:
            assert test.claimed == CLAIMED
            assert abs(test.inside - test.claimed) <= 0.05 + SLACK, test


def test_over_all_it_holds_as_often_as_claimed() -> None:
    """Without the luck of a single shape."""
    for name in ("spm", "absorption", "outcome"):
        shares = [test.inside for test in rows() if test.series == name]
        assert abs(sum(shares) / len(shares) - CLAIMED) <= 0.03, name


def test_no_simple_forecast_is_better_by_more_than_a_tenth() -> None:
    assert not [test for test in rows() if test.error > 1.1 * test.best_simple_error]


def test_warnings_tell_who_misses_from_who_does_not() -> None:
    for test in rows():
        assert test.precision is not None, test
        assert test.recall is not None, test
        assert test.precision >= 0.8, test
        assert test.recall >= 0.7, test


def test_the_same_seed_gives_the_same_figures() -> None:
    one, other = (list(generated_back_tests(seed=5, years=48, worlds=2, of=[OUTCOME])) for _n in range(2))
    assert one
    assert one == other
