"""Forecasts held against years whose end is known: how far off, how often inside, how warnings did. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from core.forecasting.choice import forecast, simple_forecasts
from core.forecasting.curves import ABSORPTION, CLAIMED, MONTHS, OUTCOME, SPM, Curve, ForecastMethod, KindOfFigure
from core.forecasting.finished import FinishedYears, only_reference
from core.forecasting.generated import SHAPES, Targeted, World, world

SEED, YEARS, YEARS_PER_WORLD = 20260, 960, 20
FIRST_MONTH = 3


@dataclass(frozen=True)
class ForecastTest:
    """After which month; shares of one: claimed and found inside the interval; mean errors in points, ours and that of
    the best of last value, line and last years' curve; of the warnings how many were right, and how many of the missed
    targets were warned of (None where there were none)."""

    series: str
    shape: str
    after: int
    years: int
    claimed: float
    inside: float
    error: float
    best_simple_error: float
    precision: float | None
    recall: float | None

    @property
    def inside_percent(self) -> float:
        return self.inside * 100

    @property
    def precision_percent(self) -> float | None:
        return None if self.precision is None else self.precision * 100

    @property
    def recall_percent(self) -> float | None:
        return None if self.recall is None else self.recall * 100

    def line(self) -> dict[str, Any]:
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass
class Tally:
    """What is added up over the years of one shape and month."""

    errors: list[float]
    inside: int = 0
    warned: int = 0
    missed: int = 0
    right: int = 0

    def add(self, ahead: Any, end: float, target: float) -> None:
        self.errors.append(abs(ahead.value - end))
        self.inside += ahead.low <= end <= ahead.high
        warned, missed = ahead.misses(target), end < target
        self.warned += warned
        self.missed += missed
        self.right += warned and missed


def back_test(
    series: KindOfFigure, shape: str, after: int, groups: Iterable[tuple[FinishedYears, Sequence[Targeted]]]
) -> ForecastTest | None:
    """`after` in steps of the series."""
    tally, simple = Tally([]), dict[ForecastMethod, list[float]]()
    for finished, years in groups:
        for curve, target in years:
            begun = {step: value for step, value in curve.items() if step <= after}
            ahead = forecast(begun, finished) if series.end in curve else None
            if ahead is None:
                continue
            tally.add(ahead, curve[series.end], target)
            for method, value in simple_forecasts(begun, finished).items():
                simple.setdefault(method, []).append(abs(value - curve[series.end]))
    if not tally.errors:
        return None
    many = len(tally.errors)
    return ForecastTest(
        series.name,
        shape,
        after * MONTHS // series.end,
        many,
        CLAIMED,
        tally.inside / many,
        fmean(tally.errors),
        min(map(fmean, simple.values())),
        tally.right / tally.warned if tally.warned else None,
        tally.right / tally.missed if tally.missed else None,
    )


def generated_back_tests(
    seed: int = SEED,
    years: int = YEARS,
    worlds: int | None = None,
    of: Iterable[KindOfFigure] = (SPM, ABSORPTION, OUTCOME),
    first_month: int = FIRST_MONTH,
) -> Iterator[ForecastTest]:
    """`years` of each series and shape, in `worlds` with finished years of their own, which cost most of the time."""
    worlds = worlds or -(-years // YEARS_PER_WORLD)
    for series in of:
        first = first_month * series.end // MONTHS
        for shape in SHAPES:
            made = [
                world(series, shape, f"{seed} {number}", many) for number, many in enumerate(_spread(years, worlds))
            ]
            known = [(_finished(each), each.later) for each in made]
            for after in range(first, series.end):
                found = back_test(series, shape, after, known)
                if found is not None:
                    yield found


def _spread(years: int, worlds: int) -> list[int]:
    """How many fall to each world; no world without a year."""
    worlds = min(worlds, years)
    return [years // worlds + (number < years % worlds) for number in range(worlds)]


def _finished(made: World) -> FinishedYears:
    return FinishedYears(made.series, made.earlier) if made.earlier else only_reference(made.series)


def own_back_test(
    series: KindOfFigure, after: int, earlier: Sequence[Curve], later: Sequence[Targeted]
) -> ForecastTest | None:
    """The portal's own finished years: the earlier ones foresee the newest."""
    return back_test(series, "own", after, [(FinishedYears(series, earlier), later)])
