"""How far an indicator got, by the formulas in use. Pure, exact decimals; rounding is for the screen.

Permendagri 86/2017 (categories) and LKjIP practice (the formula for indicators where less is better). A missing value,
a target of zero and a period that is not due are states of their own, never 0 and never an error.
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
    TARGET_ZERO = "target_zero"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class TargetAchievement:
    """`percent` only in the state MEASURED; it may be above 100 or below 0."""

    state: State
    percent: Decimal | None = None


# Permendagri 86/2017: the lower edge belongs to the band below (75 < x ≤ 90 is Tinggi).
CATEGORIES = [(Decimal(90), "very_high"), (Decimal(75), "high"), (Decimal(65), "medium"), (Decimal(50), "low")]


def achievement(
    value: Decimal | None,
    target: Decimal | None,
    way: Way,
    *,
    low: Decimal | None = None,
    high: Decimal | None = None,
    is_due: bool = True,
) -> TargetAchievement:
    """maximise: value/target × 100; minimise: (2 × target − value)/target × 100; band: 100 inside low..high.

    Outside the band the distance to the nearer edge, in per cent of that edge, is taken off 100.
    """
    if value is None:
        return TargetAchievement(State.NO_VALUE if is_due else State.NOT_DUE)
    if way is Way.BAND:
        return _within_band(value, low, high)
    if target is None:
        return TargetAchievement(State.NO_TARGET)
    if not target:
        return TargetAchievement(State.TARGET_ZERO)
    if way is Way.MAXIMISE:
        return TargetAchievement(State.MEASURED, value * 100 / target)
    return TargetAchievement(State.MEASURED, (2 * target - value) * 100 / target)


def _within_band(value: Decimal, low: Decimal | None, high: Decimal | None) -> TargetAchievement:
    if low is None or high is None:
        return TargetAchievement(State.NO_TARGET)
    if low <= value <= high:
        return TargetAchievement(State.MEASURED, Decimal(100))
    edge = low if value < low else high
    if not edge:
        return TargetAchievement(State.TARGET_ZERO)
    return TargetAchievement(State.MEASURED, 100 - abs(value - edge) * 100 / abs(edge))


def category(percent: Decimal) -> str:
    """very_high (> 90), high (75 to 90], medium (65 to 75], low (50 to 65], very_low."""
    return next((name for edge, name in CATEGORIES if percent > edge), "very_low")
