"""How far an indicator got, by the formulas in use. Pure, exact decimals; rounding is for the screen.

Permendagri 86/2017 (categories) and LKjIP practice (the formula for indicators where less is better). A missing value
and a period that is not due are states of their own, never 0 and never an error.

The formulas are distances from the target, in per cent of its size: for a target above zero that is value ÷ target and
(2 × target − value) ÷ target, and it holds below zero too. A target of zero has no size: then the way from the baseline
is the measure, and without one the target is reached or not. `docs/achievement.md` has the cases.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Way(StrEnum):
    MAXIMISE = "maximise"
    MINIMISE = "minimise"
    BAND = "band"


class State(StrEnum):
    MEASURED = "measured"
    NO_VALUE = "no_value"
    NO_TARGET = "no_target"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class TargetAchievement:
    """`percent` only in the state MEASURED; it may be above 100 or below 0."""

    state: State
    percent: Decimal | None = None


FULL = Decimal(100)
# Permendagri 86/2017: the lower edge belongs to the band below (75 < x ≤ 90 is Tinggi).
CATEGORIES = [(Decimal(90), "very_high"), (Decimal(75), "high"), (Decimal(65), "medium"), (Decimal(50), "low")]


def achievement(
    value: Decimal | None,
    target: Decimal | None,
    way: Way,
    *,
    baseline: Decimal | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
    is_due: bool = True,
) -> TargetAchievement:
    """maximise: 100 + (value − target) ÷ |target| × 100; minimise: 100 − the same; band: 100 inside low..high.

    Outside the band the distance to the nearer edge, in per cent of that edge, is taken off 100.
    """
    if value is None:
        return TargetAchievement(State.NO_VALUE if is_due else State.NOT_DUE)
    if way is Way.BAND:
        return _within_band(value, low, high)
    if target is None:
        return TargetAchievement(State.NO_TARGET)
    return TargetAchievement(State.MEASURED, _by_distance(value, target, way, baseline))


def figure_at(percent: Decimal, target: Decimal, way: Way, *, baseline: Decimal | None = None) -> Decimal | None:
    """The value that is `percent` of the target: the same formula the other way round. None for a band, and for a
    target of zero without a baseline."""
    size = abs(target) or abs(baseline or Decimal(0))
    if way is Way.BAND or not size:
        return None
    distance = (percent - FULL) * size / 100
    return target + distance if way is Way.MAXIMISE else target - distance


def _by_distance(value: Decimal, target: Decimal, way: Way, baseline: Decimal | None) -> Decimal:
    ahead = value - target if way is Way.MAXIMISE else target - value
    size = abs(target) or abs(baseline or Decimal(0))
    if not size:
        return FULL if ahead >= 0 else Decimal(0)
    return FULL + ahead * 100 / size


def _within_band(value: Decimal, low: Decimal | None, high: Decimal | None) -> TargetAchievement:
    if low is None or high is None:
        return TargetAchievement(State.NO_TARGET)
    if low <= value <= high:
        return TargetAchievement(State.MEASURED, FULL)
    edge = low if value < low else high
    size = abs(edge) or abs(high - low)
    return TargetAchievement(State.MEASURED, FULL - abs(value - edge) * 100 / size if size else Decimal(0))


def category(percent: Decimal) -> str:
    """very_high (> 90), high (75 to 90], medium (65 to 75], low (50 to 65], very_low."""
    return next((name for edge, name in CATEGORIES if percent > edge), "very_low")
