"""Where a yearly index will stand at the end of the year, from the months so far: simple, explained, with an interval. Pure.

Method: the rise from one month to the next goes on as the mean of the last three, a little less each month (`DAMPING`), because
what is easy is done first. The interval is ± (1.96 × the spread of the rises × √(months left) + half of the rise expected: it may
as well stop), cut off at 0 and 100. With fewer than three months there is no forecast. `backtest` holds it against past years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import mean, stdev

LEAST_MONTHS = 3
DAMPING = 0.8
RECENT = 3
Z = 1.96
LAST_MONTH = 12


@dataclass(frozen=True)
class Forecast:
    """Index points at the end of December; `rise` is the recent monthly rise that it rests on."""

    value: float
    low: float
    high: float
    rise: float
    months: int

    def misses(self, target: float) -> bool:
        """The target lies above what is expected: time to act, not yet proof."""
        return self.value < target

    def surely_misses(self, target: float) -> bool:
        return self.high < target


def forecast(indices: Mapping[int, float]) -> Forecast | None:
    """`indices` by month (1–12), in points. None with too few months, and in December, when nothing is left to foresee."""
    months = sorted(indices)
    if len(months) < LEAST_MONTHS or months[-1] >= LAST_MONTH:
        return None
    rises = [(indices[later] - indices[earlier]) / (later - earlier) for earlier, later in pairwise(months)]
    rise, left = mean(rises[-RECENT:]), LAST_MONTH - months[-1]
    more = rise * sum(DAMPING**step for step in range(1, left + 1))
    expected = indices[months[-1]] + more
    spread = stdev(rises) if len(rises) > 1 else 0.0
    half = Z * spread * sqrt(left) + abs(more) / 2
    return Forecast(_within(expected), _within(expected - half), _within(expected + half), rise, len(months))


def _within(value: float) -> float:
    return min(max(value, 0.0), 100.0)


@dataclass(frozen=True)
class Backtest:
    """`error` is the mean distance in points, `inside` the share of years that ended within the interval."""

    years: int
    error: float
    inside: float


def backtest(years: Sequence[Mapping[int, float]], after: int) -> Backtest | None:
    """Forecast each past year from its first `after` months and compare with its December."""
    distances, inside = [], 0
    for year in years:
        if LAST_MONTH not in year:
            continue
        found = forecast({month: value for month, value in year.items() if month <= after})
        if found is None:
            continue
        distances.append(abs(found.value - year[LAST_MONTH]))
        inside += found.low <= year[LAST_MONTH] <= found.high
    return Backtest(len(distances), mean(distances), inside / len(distances)) if distances else None
