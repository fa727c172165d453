"""Where a figure will stand at the end of the year, with an interval that holds four times out of five. Pure.

Two ways, both explained on the page of the warnings:
- by curves: over finished years a straight line is laid through "share by that month → share at the end" (least squares);
  the interval is the tenth and ninetieth percentile of what the line missed by. Where a month says little the line lies
  flat, and the forecast is what years usually come to. (Multiplying by the usual ratio, the chain ladder, missed by half as
  much again on generated years.)
- by trend: the last rises go on, each step a little weaker; the interval widens with the spread of the rises and by half
  of what is still expected.
`backtest_*` hold both against years whose end is known.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import linear_regression, mean, quantiles, stdev

LEAST_CURVES = 20
DAMPING = 0.8
RECENT = 3
Z = 1.28  # 80 per cent of a normal distribution lie within
TENTHS = 10
MONTHS, QUARTERS = 12, 4

Curve = Mapping[int, float]  # month (1..12) or quarter (1..4) → figure so far


@dataclass(frozen=True)
class Foreseen:
    """Expected at the end of the year, and the interval; `way` is 'curves' or 'trend', `seen` how much it rests on."""

    value: float
    low: float
    high: float
    way: str
    seen: int


def by_curves(curve: Curve, finished: Sequence[Curve], *, most: float = 100.0) -> Foreseen | None:
    """`curve` so far and the curves of finished years (they reach month 12), all in per cent of the budget.

    None in December, without a figure, or with fewer than LEAST_CURVES finished curves that had begun by then.
    """
    month = max((month for month, share in curve.items() if share > 0), default=0)
    if not 0 < month < MONTHS:
        return None
    known = [(done[month], done[MONTHS]) for done in finished if done.get(month, 0) > 0 and MONTHS in done]
    if len(known) < LEAST_CURVES:
        return None
    shares, ends = zip(*known, strict=True)
    slope, start = linear_regression(shares, ends) if len(set(shares)) > 1 else (0.0, mean(ends))
    missed = quantiles([end - (start + slope * share) for share, end in known], n=TENTHS, method="inclusive")
    now = curve[month]
    expected = start + slope * now

    def held(value: float) -> float:
        return max(min(value, most), min(now, most))

    low, high = held(expected + missed[0]), held(expected + missed[-1])
    return Foreseen(min(max(held(expected), low), high), low, high, "curves", len(known))


def by_trend(
    curve: Curve, end: int, *, least: int = 2, bounds: tuple[float, float] | None = None, falls: bool = True
) -> Foreseen | None:
    """`curve` by month or quarter, `end` the last one. None with fewer than `least` figures, and when the end is there.

    `falls` False: what has been reached stays (money spent), so nothing below the last figure is foreseen.
    """
    steps = sorted(curve)
    if len(steps) < least or not steps or steps[-1] >= end:
        return None
    rises = [(curve[later] - curve[earlier]) / (later - earlier) for earlier, later in pairwise(steps)]
    last, left = curve[steps[-1]], end - steps[-1]
    more = mean(rises[-RECENT:]) * sum(DAMPING**step for step in range(1, left + 1))
    spread = stdev(rises) if len(rises) > 1 else abs(rises[0])
    half = Z * spread * sqrt(left) + abs(more) / 2
    floor = last if not falls else None

    def held(value: float) -> float:
        if bounds is not None:
            value = min(max(value, bounds[0]), bounds[1])
        return value if floor is None else max(value, floor)

    return Foreseen(held(last + more), held(last + more - half), held(last + more + half), "trend", len(steps))


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
    curves: Sequence[Curve], end: int, after: int, foresee: Callable[[Curve], Foreseen | None]
) -> Backtest | None:
    """Foresee each finished curve from its figures up to `after`, and compare with what it became."""
    distances, inside = [], 0
    for curve in curves:
        found = foresee({step: value for step, value in curve.items() if step <= after}) if end in curve else None
        if found is None:
            continue
        distances.append(abs(found.value - curve[end]))
        inside += found.low <= curve[end] <= found.high
    return Backtest(after, len(distances), mean(distances), inside / len(distances)) if distances else None


def backtest_absorption(earlier: Sequence[Curve], later: Sequence[Curve], after: int) -> Backtest | None:
    """The curves of earlier years foresee those of a later one, which none of them has seen."""
    return backtest(later, MONTHS, after, lambda curve: absorption(curve, earlier))


def backtest_achievement(curves: Sequence[Curve], after: int) -> Backtest | None:
    return backtest(curves, QUARTERS, after, achievement)


def absorption(curve: Curve, finished: Sequence[Curve]) -> Foreseen | None:
    """Year-end absorption in per cent: by curves where enough years are finished, else by trend."""
    return by_curves(curve, finished) or by_trend(curve, MONTHS, least=3, bounds=(0.0, 100.0), falls=False)


def achievement(curve: Curve) -> Foreseen | None:
    """Achievement at the end of the year in per cent of the target, from quarters."""
    return by_trend(curve, QUARTERS)
