"""Made-up years that stand in for a portal's own until it has finished some. Pure.

Spending: the province had spent 71 per cent of its budget by 31 October 2025 and about 91 per cent by the end of the
year (the governor's Monday meeting, https://kaltimprov.go.id). A power of the time of the year goes through both:
(10/12)^b = 71/91, so b = 1.36. Programmes differ about it, in where they end and in how late they spend; some stall.
Indices and outcomes have no such fact: they rise evenly, slacken, come late or stay level, each as often as the other.
"""

import random
from collections.abc import Callable
from functools import cache
from math import exp, log

from core.forecasting.curves import ABSORPTION, MONTHS, Curve, KindOfFigure

OCTOBER, BY_OCTOBER, BY_DECEMBER = 10, 71.0, 91.0
BEND = log(BY_OCTOBER / BY_DECEMBER) / log(OCTOBER / MONTHS)
STALLED, UNSTALLED = 0.15, 94.0  # of programmes; with the stalled ones the whole ends near 89
USUAL_RISE = 0.7  # the others rise by anything that is possible
SEED, MANY = 71_91, 1200
Chance = random.Random


def power(bend: float) -> Callable[[float], float]:
    return lambda way: float(way**bend)


WAYS: dict[str, Callable[[Chance], Callable[[float], float]]] = {
    "linear": lambda chance: power(chance.gauss(1, 0.03)),
    "saturating": lambda chance: _saturating(chance.uniform(2.0, 4.0)),
    "back-loaded": lambda chance: power(max(chance.gauss(2.0, 0.25), 1.3)),
    "level": lambda _chance: power(1.0),
}


def _saturating(speed: float) -> Callable[[float], float]:
    whole = 1 - exp(-speed)
    return lambda way: (1 - exp(-speed * way)) / whole


def spending(chance: Chance, end: float, bend: float, noise: float = 0.04) -> Curve:
    """Per cent of the budget by month: `noise` is the spread of a month's figure about its way, as a share of it."""
    spent, curve = 0.0, {}
    for month in range(1, MONTHS + 1):
        meant = end * (month / MONTHS) ** bend * (1 + chance.gauss(0, noise) * (month < MONTHS))
        spent = max(spent, min(meant, end))
        curve[month] = end if month == MONTHS else spent
    return curve


def _reference_spending(chance: Chance) -> Curve:
    stalls = chance.random() < STALLED
    end = chance.uniform(35, 80) if stalls else min(chance.gauss(UNSTALLED, 4.5), 100.0)
    return spending(chance, end, max(chance.gauss(BEND, 0.2), 0.7), chance.uniform(0.025, 0.065))


def rising(chance: Chance, start: float, end: float, way: Callable[[float], float], noise: float, steps: int) -> Curve:
    """From `start` before the first step to `end` at the last, by `way` (0..1 → 0..1), with noise at every step."""
    return {step: start + (end - start) * way(step / steps) + chance.gauss(0, noise) for step in range(1, steps + 1)}


def _reference_rise(series: KindOfFigure, chance: Chance) -> Curve:
    shape = chance.choice(list(WAYS))
    end = chance.uniform(35, 100 if series.most is not None else 120)
    usual = chance.random() < USUAL_RISE
    start = end if shape == "level" else end - (chance.uniform(10, 42) if usual else chance.uniform(5, end - 5))
    noise = chance.uniform(0.1, 1.2) if series.most is not None else chance.uniform(0.4, 3)
    curve = rising(chance, start, end, WAYS[shape](chance), noise, series.end)
    return curve if series.most is None else {step: min(value, series.most) for step, value in curve.items()}


@cache
def reference(series: KindOfFigure) -> tuple[Curve, ...]:
    """Always the same."""
    chance = random.Random(f"{SEED} {series.name}")  # noqa: S311 (no secret hangs on it)
    make = _reference_spending if series is ABSORPTION else lambda chance: _reference_rise(series, chance)
    return tuple(make(chance) for _number in range(MANY))
