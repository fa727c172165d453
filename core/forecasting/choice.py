"""A forecast of the end of the year: a candidate chosen by back-test, with an interval of the back-test's own errors.

1. Candidates: the last figure stays; a straight line; rises that slacken or grow; what finished years usually added;
   what the finished years most alike so far (level, slope, bend, noise) came to.
2. Each is held against the finished years at the same month (each foreseen without itself), and against the year
   itself: from its first half to its newest figures. The candidate with the smallest error is taken.
3. The interval is conformal: the errors of that candidate in those finished years, each divided by the noise of its
   year and multiplied by the noise of this one, cut at the claimed share. A year that its finished fellows explain
   badly so far gets a wider one.
4. Nothing impossible is foreseen: no more than the most, no less than the least, and of money never less than spent.
Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.forecasting import candidates
from core.forecasting.candidates import Traits, traits
from core.forecasting.curves import CLAIMED, Curve, Forecast, ForecastMethod, KindOfFigure
from core.forecasting.finished import FinishedYears, Lesson
from core.forecasting.linear import Steps, dot

PRIOR = 3.0  # how many looks at the year itself the finished years weigh
TWO_LOOKS = (0.5, 0.75)
STRANGE = 3.0  # times the usual error, from which on a year is unlike the finished ones
SHARPNESS = 6.0  # the better candidate has the say, near ones share it
SMALLEST = 1e-6
NARROWEST = 0.1  # points to either side, where figures that are rounded to hundredths say nothing finer


def forecast(curve: Curve, finished: FinishedYears, *, claimed: float = CLAIMED) -> Forecast | None:
    """None with too few figures, when nothing has begun, and when the end is there."""
    series = finished.series
    steps: Steps = tuple(sorted(curve))
    if len(steps) < series.needed or steps[-1] >= series.end or (series.grows and curve[steps[-1]] <= 0):
        return None
    values = [float(curve[step]) for step in steps]
    if series.grows:
        steps, values = (0, *steps), [0.0, *values]
    mine = traits(steps, values)
    proof = proof_of(finished, steps, finished.nearest(steps, mine))
    strangeness = _strangeness(proof, series, steps, values)
    shares = _shares(proof.lesson, strangeness)
    value = sum(
        share * _foreseen(method, steps, values, series.end, proof.lesson, series) for method, share in shares.items()
    )
    value = series.held(value, values[-1])
    low, high = proof.interval(
        series, value, values[-1], _scale(proof.lesson, mine.noise, shares, strangeness), claimed
    )
    method = max(shares, key=shares.__getitem__)
    own = proof.lesson.known if finished.is_own else 0
    return Forecast(value, low, high, method, len(curve), own, mine.slope)


@dataclass
class Proof:
    """The finished years held against the forecast itself: what it would have said of each, and how far that was off.

    `looks` are the lessons at earlier steps, by how many figures were there.
    """

    lesson: Lesson
    looks: list[tuple[int, Lesson]]
    is_anchored: bool
    foreseen: list[float] = field(default_factory=list)
    scales: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    cuts: dict[float, tuple[float, float]] = field(default_factory=dict)

    def cut(self, series: KindOfFigure, claimed: float) -> tuple[float, float]:
        """The narrowest pair of scores, as many cut off below as above, that held in `claimed` of the finished years
        within what was possible in each."""
        known = self.cuts.get(claimed)
        if known is not None:
            return known
        lesson, held = self.lesson, series.held
        rows = list(zip(self.foreseen, self.scales, lesson.now, lesson.ends, strict=True))
        # A year lies nearer to the middle of the years about its anchor than most of those do: no one is added.
        wanted = claimed * (len(rows) + (not self.is_anchored))
        low, high = self.scores[0], self.scores[-1]
        for cut in range(1, len(rows) // 2):
            below, above = self.scores[cut], self.scores[-1 - cut]
            inside = sum(
                held(of + below * wide, now) <= end <= held(of + above * wide, now) for of, wide, now, end in rows
            )
            if inside < wanted:
                break
            low, high = below, above
        self.cuts[claimed] = low, high
        return low, high

    def interval(
        self, series: KindOfFigure, value: float, last: float, scale: float, claimed: float
    ) -> tuple[float, float]:
        """About `value` after `last`."""
        held = series.held
        low, high = self.cut(series, claimed)
        least = NARROWEST
        return (
            held(min(value + low * scale, value - least), last),
            held(max(value + high * scale, value + least), last),
        )


def proof_of(finished: FinishedYears, steps: Steps, anchor: int | None) -> Proof:
    known: Proof = finished.kept((steps, anchor), lambda: _proof(finished, steps, anchor))
    return known


def _proof(finished: FinishedYears, steps: Steps, anchor: int | None) -> Proof:
    among = finished.alike(steps, anchor)
    lesson = finished.after(steps, finished.series.end, among)
    begun = [max(round(len(steps) * share), 1 + finished.series.grows) for share in TWO_LOOKS]
    looks = [(each, finished.after(steps[:each], steps[-1], among)) for each in begun if each < len(steps)]
    proof = Proof(lesson, looks, anchor is not None)
    for number in range(lesson.known):
        strangeness = _mean_strangeness(
            [{method: look.errors[method][number] for method in look.errors} for _begun, look in looks], proof
        )
        shares = _shares(lesson, strangeness)
        end, noise = lesson.ends[number], lesson.noises[number]
        error = sum(share * lesson.errors[method][number] for method, share in shares.items())
        proof.foreseen.append(end - error)
        proof.scales.append(_scale(lesson, noise, shares, strangeness))
        proof.scores.append(error / proof.scales[-1])
    proof.scores.sort()
    return proof


def _strangeness(
    proof: Proof, series: KindOfFigure, steps: Steps, values: Sequence[float]
) -> dict[ForecastMethod, float]:
    """By candidate: how much it missed the year's own newest figure by, in mean errors of the finished years."""
    missed = [
        {
            method: values[-1] - _foreseen(method, steps[:begun], values[:begun], steps[-1], look, series)
            for method in look.errors
        }
        for begun, look in proof.looks
    ]
    return _mean_strangeness(missed, proof)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _mean_strangeness(missed: list[dict[ForecastMethod, float]], proof: Proof) -> dict[ForecastMethod, float]:
    return {
        method: mean(
            [
                abs(each[method]) / max(look.mean_errors[method], NARROWEST)
                for each, (_begun, look) in zip(missed, proof.looks, strict=True)
                if method in each
            ]
        )
        for method in (missed[0] if missed else {})
    }


def _shares(lesson: Lesson, strangeness: dict[ForecastMethod, float]) -> dict[ForecastMethod, float]:
    """By candidate: how much it has to say. Its error is that of finished years, more where it missed the year itself
    by more than those."""
    expected = {
        method: max(error, SMALLEST) * (PRIOR + strangeness.get(method, 1.0)) / (PRIOR + 1)
        for method, error in lesson.mean_errors.items()
    }
    best = min(expected.values())
    weights = {method: (best / each) ** SHARPNESS for method, each in expected.items()}
    whole = sum(weights.values())
    return {method: weight / whole for method, weight in weights.items()}


def _scale(
    lesson: Lesson, noise: float, shares: dict[ForecastMethod, float], strangeness: dict[ForecastMethod, float]
) -> float:
    """How wide an interval is: by the noise of the year, more for a year unlike the finished ones."""
    usual = lesson.usual_noise or 1.0
    strange = sum(share * strangeness.get(method, 1.0) for method, share in shares.items())
    return (noise + usual) * max(strange / STRANGE, 1.0)


def _foreseen(
    method: ForecastMethod, steps: Steps, values: Sequence[float], end: int, lesson: Lesson, series: KindOfFigure
) -> float:
    """Within what is possible, as the errors of the finished years were taken."""
    return series.held(_unheld(method, steps, values, end, lesson, series), values[-1])


def _unheld(
    method: ForecastMethod, steps: Steps, values: Sequence[float], end: int, lesson: Lesson, series: KindOfFigure
) -> float:
    match method:
        case ForecastMethod.LAST:
            return values[-1]
        case ForecastMethod.LINE:
            return candidates.line(steps, values, end)
        case ForecastMethod.BENT:
            return candidates.bent(steps, values, end)
        case ForecastMethod.YEARS:
            return values[-1] * lesson.usual if series.grows else values[-1] + lesson.usual
        case _:
            weights = lesson.weights or []
            return values[-1] if not weights else _by_alike(weights, traits(steps, values))


def _by_alike(weights: Sequence[float], of: Traits) -> float:
    """Level, and what is still to come; as many traits as the fit had."""
    return of.level + dot(weights, [1.0, *of[: len(weights) - 1]])


def simple_forecasts(curve: Curve, finished: FinishedYears) -> dict[ForecastMethod, float]:
    """What the simple candidates alone foresee, to hold the choice against: the curve of last years where there are
    own ones."""
    series, steps = finished.series, tuple(sorted(curve))
    values = [float(curve[step]) for step in steps]
    if series.grows:
        steps, values = (0, *steps), [0.0, *values]
    lesson = proof_of(finished, steps, finished.nearest(steps, traits(steps, values))).lesson
    simple = [ForecastMethod.LAST, ForecastMethod.LINE, *([ForecastMethod.YEARS] if finished.is_own else [])]
    return {method: _foreseen(method, steps, values, series.end, lesson, series) for method in simple}
