"""Where a figure that grows from January on will stand at the end of the year, with an interval. Pure.

Two methods, both explained on the page of the early warnings:
- by finished years: a straight line is laid through "share by that month → share at the end" (least squares); the
  interval is the tenth and ninetieth percentile of what the line missed by. Where a month says little the line lies
  flat, and the forecast is what years usually come to. (Multiplying by the usual ratio, the chain ladder, missed by
  half as much again on generated years.)
- by trend: the last rises go on, each step a little weaker; the interval widens with the spread of the rises and by
  half of what is still expected, because the rise may as well stop.
`backtest` holds either against years whose end is known.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import linear_regression, mean, quantiles, stdev

LEAST_CURVES = 20
DAMPING = 0.8
RECENT = 3
TENTHS = 10
MONTHS, QUARTERS = 12, 4
PERCENT = (0.0, 100.0)
FOUR_OF_FIVE, NINETEEN_OF_TWENTY = 1.28, 1.96  # spreads of a normal distribution within which so many lie

Curve = Mapping[int, float]  # month (1..12) or quarter (1..4) → figure so far
Bounds = tuple[float, float]


class ForecastMethod(StrEnum):
    FINISHED_YEARS = "curves"
    TREND = "trend"


@dataclass(frozen=True)
class Forecast:
    """Expected at the end of the year, and the interval; `figures` is how many it rests on, `rise` the recent rise of
    a trend."""

    value: float
    low: float
    high: float
    method: ForecastMethod
    figures: int
    rise: float = 0.0

    def misses(self, target: float) -> bool:
        """The target lies above what is expected: time to act, not yet proof."""
        return self.value < target

    def surely_misses(self, target: float) -> bool:
        return self.high < target


def by_finished_years(curve: Curve, finished: Sequence[Curve], *, most: float = 100.0) -> Forecast | None:
    """`curve` so far and the curves of finished years (they reach month 12), all in per cent of the budget.

    None in December, without a figure, or with fewer than LEAST_CURVES finished curves that had begun by then.
    """
    month = max((month for month, share in curve.items() if share > 0), default=0)
    if not 0 < month < MONTHS:
        return None
    known = [(done[month], done[MONTHS]) for done in finished if done.get(month, 0) > 0 and MONTHS in done]
    if len(known) < LEAST_CURVES:
        return None
    slope, start = _line(known)
    missed = quantiles([end - (start + slope * share) for share, end in known], n=TENTHS, method="inclusive")
    now = curve[month]
    expected = start + slope * now
    bounds = (min(now, most), most)
    low, high = _within(expected + missed[0], bounds), _within(expected + missed[-1], bounds)
    value = _within(_within(expected, bounds), (low, high))
    return Forecast(value, low, high, ForecastMethod.FINISHED_YEARS, len(known))


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(slope, start) of the straight line through the points; flat where all lie at one place."""
    shares, ends = zip(*points, strict=True)
    if len(set(shares)) == 1:
        return 0.0, mean(ends)
    slope, start = linear_regression(shares, ends)
    return slope, start


def by_trend(
    curve: Curve,
    end: int,
    *,
    least: int = 2,
    bounds: Bounds | None = None,
    falls: bool = True,
    spreads: float = FOUR_OF_FIVE,
) -> Forecast | None:
    """`curve` by month or quarter, `end` the last one. None with fewer than `least` figures, and when the end is there.

    `falls` False: what has been reached stays (money spent), so nothing below the last figure is foreseen. `spreads` is
    half the interval in standard deviations of the rises.
    """
    steps = sorted(curve)
    if len(steps) < least or not steps or steps[-1] >= end:
        return None
    rises = [(curve[later] - curve[earlier]) / (later - earlier) for earlier, later in pairwise(steps)]
    rise, last, left = mean(rises[-RECENT:]), curve[steps[-1]], end - steps[-1]
    more = rise * sum(DAMPING**step for step in range(1, left + 1))
    half = spreads * _spread(rises) * sqrt(left) + abs(more) / 2
    floor = None if falls else last
    value, low, high = (_held(each, bounds, floor) for each in (last + more, last + more - half, last + more + half))
    return Forecast(value, low, high, ForecastMethod.TREND, len(steps), rise)


def _spread(rises: Sequence[float]) -> float:
    """Of one rise nothing is known but its size."""
    return stdev(rises) if len(rises) > 1 else abs(rises[0])


def _held(value: float, bounds: Bounds | None, floor: float | None) -> float:
    held = value if bounds is None else _within(value, bounds)
    return held if floor is None else max(held, floor)


def _within(value: float, bounds: Bounds) -> float:
    return max(min(value, bounds[1]), bounds[0])


@dataclass(frozen=True)
class Backtest:
    """`error` is the mean distance in points, `inside` the share of years that ended within the interval."""

    after: int
    years: int
    error: float
    inside: float

    @property
    def inside_percent(self) -> float:
        return self.inside * 100


def backtest(
    curves: Sequence[Curve], end: int, after: int, forecast: Callable[[Curve], Forecast | None]
) -> Backtest | None:
    """Forecast each finished curve from its figures up to `after`, and compare with what it became."""
    distances, inside = [], 0
    for curve in curves:
        found = forecast({step: value for step, value in curve.items() if step <= after}) if end in curve else None
        if found is None:
            continue
        distances.append(abs(found.value - curve[end]))
        inside += found.low <= curve[end] <= found.high
    return Backtest(after, len(distances), mean(distances), inside / len(distances)) if distances else None
