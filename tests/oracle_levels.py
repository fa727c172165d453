"""The levels of validation once more, in plain Python and figure by figure: what the SQL of
programs.validation.values is held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median

from core.periods import Period
from programs.validation.progress import Finding, error, note, warning

MAD_LIMIT = Decimal("3.5")  # WHO data-quality toolkit, modified z-score
MAD_SCALE = Decimal("0.6745")
MEAN_SCALE = Decimal("1.253314")  # the modified z-score's form for a median deviation of zero
ENOUGH_CHANGES = 4
JUMP_SHARE = Decimal("0.5")
FACTORS = (10, 100, 1000)
FACTOR_SLACK = Decimal("0.05")
ROUNDED_FROM = 1_000
SUM_SLACK = Decimal("0.005")
SPENT_SHARE = Decimal("0.5")


def check_range(value: Decimal, low: Decimal | None, high: Decimal | None, name: str = "value") -> list[Finding]:
    if low is not None and value < low:
        return [error(1, "below", name, limit=low)]
    if high is not None and value > high:
        return [error(1, "above", name, limit=high)]
    return []


def check_fraction(numerator: Decimal | None, denominator: Decimal | None, *, is_share: bool) -> list[Finding]:
    """A share's numerator is part of its denominator; nothing is divided by zero."""
    if numerator is None and denominator is None:
        return []
    if numerator is None or denominator is None:
        return [error(1, "fraction_incomplete", "denominator" if denominator is None else "numerator")]
    if denominator <= 0:
        return [error(1, "denominator_zero", "denominator")]
    if is_share and numerator > denominator:
        return [error(1, "numerator_larger", "numerator", denominator=denominator)]
    return []


def check_series(
    value: Decimal, history: Sequence[Decimal], *, expected: Decimal | None = None, is_cumulative: bool = False
) -> list[Finding]:
    """Against the same row's earlier periods, oldest first. `expected` is where a cumulative count would stand now.

    One finding at most says that the figure is unlike the others: a slipped factor before a mere jump.
    """
    found = []
    last = history[-1] if history else None
    if last is not None:
        if is_cumulative and value < last:
            found.append(warning(2, "cumulative_falls", last=last))
        elif slip := _factor(value, expected if expected is not None else last):
            found.append(warning(2, "factor", factor=slip, last=last))
        elif _jumps(value, history, expected):
            found.append(warning(2, "jump", last=last, percent=_percent_change(value, expected or last)))
        if value == last and value != 0:
            found.append(warning(2, "same_as_last", last=last))
    if _is_rounded(value) and not all(_is_rounded(earlier) for earlier in history or [Decimal(1)]):
        found.append(note(2, "rounded"))
    return found


def _factor(value: Decimal, last: Decimal) -> int | None:
    """10, 100 or 1000 when the figure looks like the last one with a slipped point."""
    if not value or not last or (value > 0) != (last > 0):
        return None
    ratio = abs(value / last)
    for factor in FACTORS:
        for wanted in (Decimal(factor), 1 / Decimal(factor)):
            if abs(ratio - wanted) <= wanted * FACTOR_SLACK:
                return factor
    return None


def _jumps(value: Decimal, history: Sequence[Decimal], expected: Decimal | None) -> bool:
    """Beyond k·MAD of the usual changes when there are enough of them; else beyond ±50 % of the last."""
    changes = [later - earlier for earlier, later in pairwise(history)]
    if expected is None and len(changes) >= ENOUGH_CHANGES:
        usual = median(changes)
        distances = [abs(change - usual) for change in changes]
        away = abs(value - history[-1] - usual)
        if spread := median(distances):
            return MAD_SCALE * away / spread > MAD_LIMIT
        if mean := sum(distances, Decimal(0)) / len(distances):  # more than half the changes are equal
            return away / (MEAN_SCALE * mean) > MAD_LIMIT
    start = expected if expected is not None else history[-1]
    return bool(start) and abs(value - start) > abs(start) * JUMP_SHARE


def _percent_change(value: Decimal, start: Decimal) -> Decimal:
    return ((value - start) * 100 / abs(start)).quantize(Decimal(1)) if start else Decimal(0)


def _is_rounded(value: Decimal) -> bool:
    """A count from a thousand on that ends in three zeros."""
    return abs(value) >= ROUNDED_FROM and value % ROUNDED_FROM == 0


def check_regions(whole: Decimal, parts: Sequence[Decimal], *, is_rate: bool) -> list[Finding]:
    """Counts of the regions add up to the whole (±0.5 %); a rate of the whole lies between its parts'."""
    if not parts:
        return []
    if is_rate:
        low, high = min(parts), max(parts)
        return [] if low <= whole <= high else [warning(3, "outside_parts", low=low, high=high)]
    total = sum(parts, Decimal(0))
    if abs(total - whole) > abs(whole) * SUM_SLACK:
        return [warning(3, "sum_differs", sum=total)]
    return []


def check_spent_without_output(spent: Decimal, ceiling: Decimal, value: Decimal) -> list[Finding]:
    """More than half the money is spent and the output is still zero."""
    if ceiling > 0 and spent > ceiling * SPENT_SHARE and value == 0:
        return [warning(5, "spent_no_output", percent=(spent * 100 / ceiling).quantize(Decimal(1)))]
    return []


def check_outcome_direction(
    value: Decimal, baseline: Decimal, *, is_better_up: bool, outputs_reached: bool
) -> list[Finding]:
    """The outputs are there (90 % of their targets), the outcome moves the wrong way."""
    worse = value < baseline if is_better_up else value > baseline
    return [warning(5, "outcome_wrong_way", baseline=baseline)] if outputs_reached and worse else []


REFERENCE_REACH_YEARS = 2
DEFAULT_RELATIVE_TOLERANCE = Decimal(5)  # per cent of the reference, for counts
DEFAULT_POINTS_TOLERANCE = Decimal(2)  # percentage points, for rates


class Tolerance(StrEnum):
    RELATIVE = "relative"
    POINTS = "points"


class Outcome(StrEnum):
    MATCHES = "matches"
    EXPLAIN = "explain"
    DEVIATES = "deviates"
    NO_REFERENCE = "no_reference"


@dataclass(frozen=True)
class Reference:
    """One official figure. `pk` is the stored version, so a verdict can say what it was made against."""

    pk: int
    period: Period
    value: Decimal


@dataclass(frozen=True)
class Judgement:
    """`outcome` is None while there is no value to judge.

    `distance` is in the tolerance's unit (per cent or points), None without a reference or with reference 0.
    """

    outcome: Outcome | None
    reference: Reference | None = None
    is_same_period: bool = False
    distance: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def reference_for(period: Period, references: Iterable[Reference]) -> Reference | None:
    """The figure of that very period; else of the smallest period that contains it; else the last one within two years.

    Figures of later periods never serve: the reported value could not know them.
    """
    candidates = list(references)
    same = [reference for reference in candidates if reference.period == period]
    if same:
        return same[0]
    containing = [reference for reference in candidates if reference.period.contains(period)]
    if containing:
        return min(containing, key=lambda reference: reference.period.months)
    earliest = period.first_day.replace(year=period.first_day.year - REFERENCE_REACH_YEARS, day=1)
    earlier = [
        reference
        for reference in candidates
        if reference.period.last_day < period.end and reference.period.end > earliest
    ]
    return max(earlier, key=lambda reference: (reference.period.end, -reference.period.months), default=None)


def judge(
    value: Decimal, period: Period, references: Iterable[Reference], kind: Tolerance, tolerance: Decimal
) -> Judgement:
    """The verdict on `value` of `period`; `tolerance` is in per cent (relative) or in the unit itself (points)."""
    reference = reference_for(period, references)
    if reference is None:
        return Judgement(Outcome.NO_REFERENCE)
    gap = abs(value - reference.value)
    allowed = tolerance if kind is Tolerance.POINTS else abs(reference.value) * tolerance / 100
    if gap <= allowed:
        outcome = Outcome.MATCHES
    elif gap <= 2 * allowed:
        outcome = Outcome.EXPLAIN
    else:
        outcome = Outcome.DEVIATES
    if kind is Tolerance.POINTS:
        distance: Decimal | None = gap
    else:
        distance = gap * 100 / abs(reference.value) if reference.value else None
    return Judgement(
        outcome, reference, reference.period == period, distance, reference.value - allowed, reference.value + allowed
    )
