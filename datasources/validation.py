"""A reported value beside the official one: the verdict of level 4. Pure.

Within the tolerance: matches. Up to twice the tolerance: needs explanation. Beyond: deviates. No reference for the
period: the last one within two years, named as such; else no reference (Eurostat's validation levels, WHO's
data-quality toolkit; the defaults are data of each indicator).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.periods import Period

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
