import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, PeriodKind
from programs import deadlines

periods = st.builds(
    lambda year, kind, number: Period(
        year, kind, {PeriodKind.YEAR: 1, PeriodKind.QUARTER: number % 4 + 1, PeriodKind.MONTH: number % 12 + 1}[kind]
    ),
    st.integers(1990, 2100),
    st.sampled_from(PeriodKind),
    st.integers(0, 11),
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        ("2025-Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31)),
        ("2025-q4", dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
    ],
)
def test_reads_a_period(text: str, first: dt.date, last: dt.date) -> None:
    period = Period.parse(text)
    assert (period.first_day, period.last_day) == (first, last)


@pytest.mark.parametrize("text", ["", "2025-Q5", "2025-13", "2025-1", "25", "1900", "2025-Q1x"])
def test_refuses_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.parse(text)


@given(periods)
def test_written_and_stored_it_comes_back(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert Period.from_bounds(period.first_day, period.end) == period


@given(periods, periods)
def test_order_is_total_and_a_part_lies_inside(one: Period, other: Period) -> None:
    assert (one < other) + (other < one) + (one == other) == 1
    if one.contains(other):
        assert one.months >= other.months


@given(periods)
def test_the_one_before_ends_where_this_begins(period: Period) -> None:
    assert period.previous().end == period.first_day


def test_a_year_has_its_quarters() -> None:
    assert [str(quarter) for quarter in Period(2026).quarters()] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]


def test_from_bounds_refuses_other_ranges() -> None:
    with pytest.raises(ValueError, match="not a fiscal period"):
        Period.from_bounds(dt.date(2025, 2, 1), dt.date(2025, 5, 1))


def test_deadline_is_ten_days_after_the_quarter() -> None:
    quarter = Period.parse("2026-Q1")
    assert deadlines.Calendar().deadline(quarter) == dt.date(2026, 4, 10)
    assert not deadlines.Calendar().is_late(quarter, dt.date(2026, 4, 10))
    assert deadlines.Calendar().is_late(quarter, dt.date(2026, 4, 11))
    assert deadlines.due_quarters(2026, dt.date(2026, 7, 1)) == [Period.parse("2026-Q1"), Period.parse("2026-Q2")]
