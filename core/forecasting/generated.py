"""Made-up years whose end is known, to hold the forecasts against. Pure.

Each shape is a world: years that are finished, and a later one that none of them has seen. In six of ten series the
year is on its way to the target, in four it ends clearly below: so is the province's spending, and a warning is of use
where the two can be told apart. Years differ from each other by a point or so; `lower` by eight.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from core.forecasting.curves import (
    ABSORPTION,
    LOW_ABSORPTION,
    MONTHS,
    OUTCOME,
    QUARTERS,
    REACHED,
    SPM,
    Curve,
    KindOfFigure,
)
from core.forecasting.reference import BEND, WAYS, Chance, rising, spending

SHAPES = ("linear", "saturating", "back-loaded", "level", "lower", "first")
FINISHED, OF_A_YEAR = 3, 20
LOWER = 8.0
IN_TROUBLE = 0.4
Targeted = tuple[Curve, float]  # with the target of its year


@dataclass
class World:
    series: KindOfFigure
    shape: str
    earlier: list[Curve] = field(default_factory=list)
    later: list[Targeted] = field(default_factory=list)


def world(series: KindOfFigure, shape: str, seed: str, years: int) -> World:
    """`years` are the later ones."""
    chance = random.Random(f"{seed} {series.name} {shape}")  # noqa: S311 (no secret hangs on it)
    make = MAKERS[series]
    found = World(series, shape)
    if shape != "first":
        for _year in range(FINISHED):
            shift = chance.gauss(0, 1)
            found.earlier += [make(chance, shape, shift)[0] for _number in range(OF_A_YEAR)]
    shift = -LOWER if shape == "lower" else chance.gauss(0, 1)
    found.later = [make(chance, shape, shift) for _number in range(years)]
    return found


def _kind(chance: Chance, shape: str) -> str:
    """A service that is eight points lower rises as before; in its first year a portal sees all shapes."""
    return {"lower": "saturating", "first": chance.choice(list(WAYS))}.get(shape, shape)


def _index(chance: Chance, shape: str, shift: float) -> Targeted:
    target = chance.uniform(65, 98)
    in_trouble = chance.random() < IN_TROUBLE
    end = target - chance.uniform(6, 30) if in_trouble else min(target + chance.uniform(1, 6), 99.5)
    kind = _kind(chance, shape)
    start = end if kind == "level" else end - chance.uniform(15, 40)
    curve = rising(chance, start + shift, end + shift, WAYS[kind](chance), chance.uniform(0.2, 1.0), MONTHS)
    return {month: min(value, 100.0) for month, value in curve.items()}, target


def _outcome(chance: Chance, shape: str, shift: float) -> Targeted:
    in_trouble = chance.random() < IN_TROUBLE
    end = REACHED + (-chance.uniform(8, 40) if in_trouble else chance.uniform(2, 20))
    kind = _kind(chance, shape)
    start = end if kind == "level" else end - chance.uniform(15, 40)
    noise = chance.uniform(0.5, 2.5)
    return rising(chance, start + shift, end + shift, WAYS[kind](chance), noise, QUARTERS), REACHED


def _spending(chance: Chance, shape: str, shift: float) -> Targeted:
    """Spending that is level is the same sum every month, give or take; one that saturates is mostly spent by June."""
    end = (
        chance.uniform(35, 78)
        if chance.random() < IN_TROUBLE
        else min(chance.gauss(93 if shape == "first" else 96, 2.5), 100.0)
    )
    end = min(max(end + shift, 20.0), 100.0)
    if shape == "level":
        parts = [max(chance.gauss(1, 0.3), 0.0) for _month in range(MONTHS)]
        return {month: end * sum(parts[:month]) / sum(parts) for month in range(1, MONTHS + 1)}, LOW_ABSORPTION
    bend = {"linear": 1.0, "saturating": 0.6}.get(shape, BEND) + chance.gauss(0, 0.1)
    return spending(chance, end, bend), LOW_ABSORPTION


MAKERS: dict[KindOfFigure, Callable[[Chance, str, float], Targeted]] = {
    SPM: _index,
    ABSORPTION: _spending,
    OUTCOME: _outcome,
}
