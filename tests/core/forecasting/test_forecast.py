"""What a forecast may say: what is possible, a value within its interval, no certainty where there is noise."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecasting import ABSORPTION, OUTCOME, SPM, Curve, FinishedYears, ForecastMethod, forecast, only_reference
from core.forecasting.generated import world

SHARES = st.floats(0, 100)


def months(least: int) -> st.SearchStrategy[dict[int, float]]:
    return st.dictionaries(st.integers(1, 11), SHARES, min_size=least)


@pytest.mark.parametrize("curve", [{}, {3: 0.0}, {12: 80.0}])
def test_nothing_to_foresee(curve: Curve) -> None:
    for series in (SPM, ABSORPTION, OUTCOME):
        assert forecast(curve, only_reference(series)) is None or (series is OUTCOME and 12 not in curve)


@settings(max_examples=60, deadline=None)
@given(months(SPM.needed))
def test_an_index_stays_between_0_and_100(curve: dict[int, float]) -> None:
    seen = forecast(curve, only_reference(SPM))
    assert seen is not None
    assert 0 <= seen.low <= seen.value <= seen.high <= 100
    assert seen.low < seen.high


@settings(max_examples=60, deadline=None)
@given(months(1), st.lists(st.dictionaries(st.integers(1, 12), SHARES, min_size=1), max_size=30))
def test_what_is_spent_stays_spent(curve: dict[int, float], finished: list[dict[int, float]]) -> None:
    seen = forecast(curve, FinishedYears(ABSORPTION, finished))
    spent = curve[max(curve)]
    assert (seen is None) == (spent <= 0)
    if seen is not None:
        assert spent <= seen.low <= seen.value <= seen.high <= 100
        assert seen.low < seen.high or seen.low == 100


@pytest.mark.parametrize("spent", [100.0, 104.5])
def test_all_and_more_than_the_budget(spent: float) -> None:
    seen = forecast({9: spent}, only_reference(ABSORPTION))
    assert seen is not None
    assert (seen.low, seen.value, seen.high) == (spent, spent, spent)


@given(st.floats(-50, 200), st.floats(-50, 200))
def test_two_figures_of_an_outcome_say_little(one: float, other: float) -> None:
    seen = forecast({1: one, 2: other}, only_reference(OUTCOME))
    assert seen is not None
    assert seen.high - seen.low > 1, "equal figures are no certainty"


def test_an_even_rise_goes_on() -> None:
    """It was forty points off after March when rises were thought to weaken."""
    even = {month: 30.0 + 5 * month for month in range(1, 13)}
    errors = {}
    for after in (3, 6, 9):
        seen = forecast({month: even[month] for month in range(1, after + 1)}, only_reference(SPM))
        assert seen is not None
        errors[after] = abs(seen.value - 90)
        assert seen.low <= 90 <= seen.high
    assert errors[9] < errors[6] < 5
    assert errors[3] < 20


def test_a_new_portal_knows_how_a_province_spends() -> None:
    seen = forecast({6: 35.4, 10: 71.0}, only_reference(ABSORPTION))
    assert seen is not None
    assert seen.low <= 91 <= seen.high
    assert abs(seen.value - 91) < 3
    assert (seen.figures, seen.finished) == (2, 0)
    assert not seen.misses(85)


def test_finished_years_of_ones_own_are_learned_from() -> None:
    """By September half was spent, in years of every size: no made-up year says so."""
    finished = FinishedYears(ABSORPTION, [{9: end / 2, 12: float(end)} for end in range(50, 90)])
    seen = forecast({9: 30.0}, finished)
    assert seen is not None
    assert abs(seen.value - 60) < 0.5
    assert seen.finished == 40
    few = forecast({9: 30.0}, FinishedYears(ABSORPTION, [{9: end / 2, 12: float(end)} for end in range(50, 69)]))
    assert few is not None
    assert few.finished == 0, "nineteen are too few"


def test_a_warning_needs_the_whole_interval() -> None:
    seen = forecast({month: 40.0 + month for month in range(1, 10)}, only_reference(SPM))
    assert seen is not None
    assert seen.misses(seen.high + 0.01)
    assert not seen.misses(seen.high)
    assert not seen.misses(seen.value)


def test_an_interval_is_as_wide_as_the_noise() -> None:
    dice = random.Random(7)
    calm, wild = ({month: 60 + dice.gauss(0, noise) for month in range(1, 10)} for noise in (0.1, 1.0))
    one, other = (forecast(curve, only_reference(SPM)) for curve in (calm, wild))
    assert one is not None
    assert other is not None
    assert other.high - other.low > 2 * (one.high - one.low)


def test_it_claims_what_is_asked() -> None:
    made = world(SPM, "linear", "1", 1)
    begun = {month: value for month, value in made.later[0][0].items() if month <= 6}
    half, most = (forecast(begun, FinishedYears(SPM, made.earlier), claimed=claimed) for claimed in (0.5, 0.9))
    assert half is not None
    assert most is not None
    assert half.high - half.low < most.high - most.low
    assert half.method in ForecastMethod
