"""Finished years: what each candidate would have missed by in them, and what the years most alike came to. Pure."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from statistics import median, pstdev
from typing import Any

from core.forecasting import candidates
from core.forecasting.candidates import Traits, traits
from core.forecasting.curves import Curve, ForecastMethod, KindOfFigure
from core.forecasting.linear import Steps, dot, solver
from core.forecasting.reference import reference

LEAST_FINISHED = 20
NEIGHBOURS = 60
ANCHORS = 60
FOR_A_FIT = 5  # finished years to each unknown
Errors = dict[ForecastMethod, list[float]]
Place = tuple[float, float, float, float]  # of the traits, the noise last


@dataclass
class Seen:
    """The finished years as they were after the same steps: figures, traits, and the traits in spreads among them."""

    values: list[list[float]]
    traits: list[Traits]
    places: list[Place]
    spreads: Place
    noise: float


def place(of: Traits) -> Place:
    """Where a year lies among others: noise by its order of magnitude."""
    return of.level, of.slope, of.bend, log(of.noise + 0.1)


def apart(one: Place, other: Place) -> float:
    level, slope, bend, noise = one
    level, slope, bend, noise = level - other[0], slope - other[1], bend - other[2], noise - other[3]
    return level * level + slope * slope + bend * bend + noise * noise


class FinishedYears:
    """The portal's own finished years of a series where there are LEAST_FINISHED, else the reference and those beside
    it. Kept for one run: what was worked out for some steps serves all curves with the same."""

    def __init__(self, series: KindOfFigure, own: Iterable[Curve] = ()) -> None:
        self.series = series
        known = [curve for curve in own if series.end in curve]
        self._kept: dict[Hashable, Any] = {}
        self.is_own = len(known) >= LEAST_FINISHED
        self._curves: list[Curve] = known if self.is_own else [*known, *reference(series)]
        self.seen = lru_cache(maxsize=256)(self._seen)
        self.simple = lru_cache(maxsize=512)(self._simple)

    def nearest(self, steps: Steps, of: Traits) -> int | None:
        """The finished year, of ANCHORS, that is most alike after `steps`; None where all of them serve together."""
        seen = self.seen(steps)
        if len(seen.values) <= NEIGHBOURS:
            return None
        mine = self._scaled(place(of), seen.spreads)
        anchors = range(0, len(seen.values), max(len(seen.values) // ANCHORS, 1))
        return min(anchors, key=lambda each: apart(mine, seen.places[each]))

    def alike(self, steps: Steps, anchor: int | None) -> Sequence[int]:
        """The finished years about an anchor."""
        places = self.seen(steps).places
        if anchor is None:
            return range(len(places))
        mine = places[anchor]
        return sorted(range(len(places)), key=lambda each: apart(mine, places[each]))[:NEIGHBOURS]

    @staticmethod
    def _scaled(each: Place, spreads: Place) -> Place:
        return each[0] / spreads[0], each[1] / spreads[1], each[2] / spreads[2], each[3] / spreads[3]

    def _at(self, curve: Curve, steps: Steps) -> list[float] | None:
        """The figures after `steps`, those between two known ones by a straight line; None where it began later."""
        found = []
        for step in steps:
            if step in curve:
                found.append(curve[step])
                continue
            before = max((known for known in curve if known < step), default=None)
            if before is None and not self.series.grows:
                return None
            start = (before, curve[before]) if before is not None else (0, 0.0)
            after = min(known for known in curve if known > step)
            found.append(start[1] + (curve[after] - start[1]) * (step - start[0]) / (after - start[0]))
        return found

    def _seen(self, steps: Steps) -> Seen:
        values = [found for curve in self._curves if (found := self._at(curve, steps)) is not None]
        all_traits = [traits(steps, each) for each in values]
        places = [place(each) for each in all_traits]
        level, slope, bend, noise = (pstdev(column) or 1.0 for column in zip(*places, strict=True))
        spreads = (level, slope, bend, noise)
        places = [self._scaled(each, spreads) for each in places]
        return Seen(values, all_traits, places, spreads, median(each.noise for each in all_traits))

    def after(self, steps: Steps, target: int, among: Sequence[int]) -> "Lesson":
        """What those among the finished years teach about `target` after `steps`."""
        return _lesson(self.series, self.seen(steps), self.simple(steps, target), among)

    def kept(self, key: Hashable, work: Callable[[], Any]) -> Any:
        """What was worked out once for the same finished years and steps."""
        if key not in self._kept:
            self._kept[key] = work()
        return self._kept[key]

    def _simple(self, steps: Steps, target: int) -> "Simple":
        values, held = self.seen(steps).values, self.series.held
        ends = [found[-1] for curve in self._curves if (found := self._at(curve, (*steps, target))) is not None]
        foreseen: dict[ForecastMethod, Callable[[list[float]], float]] = {
            ForecastMethod.LAST: lambda each: each[-1],
            ForecastMethod.LINE: lambda each: candidates.line(steps, each, target),
            ForecastMethod.BENT: lambda each: candidates.bent(steps, each, target),
        }
        errors = {
            method: [end - held(found(each), each[-1]) for each, end in zip(values, ends, strict=True)]
            for method, found in foreseen.items()
        }
        return Simple(ends, errors)


@dataclass
class Lesson:
    """By candidate: by how much each finished year ended above what would have been foreseen without it."""

    errors: Errors
    now: list[float]
    ends: list[float]
    noises: list[float]
    usual_noise: float
    usual: float  # what finished years added (or, of money, by how much they multiplied)
    weights: list[float] | None  # of a constant and of the traits, for what is still to come
    known: int
    mean_errors: dict[ForecastMethod, float]


@dataclass
class Simple:
    """Where finished years ended, and by how much above what the year alone would have foreseen."""

    ends: list[float]
    errors: Errors


def _lesson(series: KindOfFigure, seen: Seen, simple: Simple, among: Sequence[int]) -> Lesson:
    values, ends = [seen.values[each] for each in among], [simple.ends[each] for each in among]
    now, noises = [each[-1] for each in values], [seen.traits[each].noise for each in among]
    errors: Errors = {method: [of[each] for each in among] for method, of in simple.errors.items()}
    usual, errors[ForecastMethod.YEARS] = _usual(series, now, ends)
    weights = None
    unknowns = 1 + min(len(values[0]) - series.grows, 3)
    if len(among) >= max(FOR_A_FIT * unknowns, LEAST_FINISHED):
        weights, errors[ForecastMethod.ALIKE] = _fit(
            [seen.traits[each] for each in among], unknowns - 1, now, ends, series
        )
    means = {method: sum(map(abs, each)) / len(each) for method, each in errors.items()}
    return Lesson(errors, now, ends, noises, median(noises), usual, weights, len(among), means)


def _usual(series: KindOfFigure, now: Sequence[float], ends: Sequence[float]) -> tuple[float, list[float]]:
    """The mean of what was added; of money how many times as much it became. Each error without the year itself."""
    many = len(now)
    if series.grows and sum(now) > 0:
        whole, final = sum(now), sum(ends)
        without = [
            (final - end) / (whole - value) if whole > value else final / whole
            for value, end in zip(now, ends, strict=True)
        ]
        return final / whole, [
            end - series.held(value * ratio, value) for value, end, ratio in zip(now, ends, without, strict=True)
        ]
    added = [end - value for value, end in zip(now, ends, strict=True)]
    total = sum(added)
    without = [(total - each) / max(many - 1, 1) for each in added]
    return total / many, [
        end - series.held(value + more, value) for value, end, more in zip(now, ends, without, strict=True)
    ]


def _fit(
    rows: Sequence[Traits], used: int, now: Sequence[float], ends: Sequence[float], series: KindOfFigure
) -> tuple[list[float], list[float]]:
    """What is still to come, by least squares on the first `used` traits. Each error is that of a fit without the
    year itself."""
    design = [[1.0, *row[:used]] for row in rows]
    left = [end - row.level for row, end in zip(rows, ends, strict=True)]
    by_figure = solver(design, 1e-6)
    weights = [dot(each, left) for each in by_figure]
    errors = []
    for number, (row, rest) in enumerate(zip(design, left, strict=True)):
        leverage = sum(value * each[number] for value, each in zip(row, by_figure, strict=True))
        error = (rest - dot(weights, row)) / max(1 - leverage, 0.1)
        errors.append(ends[number] - series.held(ends[number] - error, now[number]))
    return weights, errors


@cache
def only_reference(series: KindOfFigure) -> FinishedYears:
    """For a portal without finished years; what it has worked out serves all."""
    return FinishedYears(series)
