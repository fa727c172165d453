"""Forecasts from the figures of the year alone: the last one stays, a straight line, rises that slacken or grow. Pure.

What the finished years add (`core.forecasting.finished`) is laid over these.
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from core.forecasting.linear import Steps, dot, geometric, polynomial

FOR_A_BEND = 4  # figures, of which three could bend any way
RATIOS = (0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.35)  # of a rise to the one before; 1 is the line


class Traits(NamedTuple):
    """Level, slope and bend at the last step, and by how much the figures lie off them; 0 where too few are there."""

    level: float
    slope: float
    bend: float
    noise: float


def traits(steps: Steps, values: Sequence[float]) -> Traits:
    degree = min(2, len(steps) - 1)
    fitted = [dot(weights, values) for weights in polynomial(steps, degree)]
    level, slope, bend = (*fitted, 0.0, 0.0)[:3]
    left = len(steps) - degree - 1
    noise = 0.0
    if left > 0:
        off = 0.0
        for step, value in zip(steps, values, strict=True):
            ago = step - steps[-1]
            miss = value - level - slope * ago - bend * (ago * ago)
            off += miss * miss
        noise = sqrt(off / left)
    return Traits(level, slope, bend, noise)


def line(steps: Steps, values: Sequence[float], end: int) -> float:
    """Least squares; of one figure the figure."""
    if len(steps) == 1:
        return values[-1]
    of_level, of_slope = polynomial(steps, 1)
    level, slope = dot(of_level, values), dot(of_slope, values)
    return level + slope * (end - steps[-1])


def bent(steps: Steps, values: Sequence[float], end: int) -> float:
    """The ratio of RATIOS that fits best: saturating below one, loaded towards the end above."""
    if len(steps) < FOR_A_BEND:
        return line(steps, values, end)
    best, found = None, values[-1]
    for ratio in RATIOS:
        (of_start, of_rise), reach, last = geometric(steps, end, ratio)
        start, rise = dot(of_start, values), dot(of_rise, values)
        off = 0.0  # summed in a loop: a hundred thousand times in a back-test, a generator takes twice as long
        for value, each in zip(values, reach, strict=True):
            miss = value - start - rise * each
            off += miss * miss
        if best is None or off < best:
            best, found = off, start + rise * last
    return found
