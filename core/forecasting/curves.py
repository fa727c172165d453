"""What a forecast is made of, and what comes out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MONTHS, QUARTERS = 12, 4
CLAIMED = 0.8  # how often the truth is to lie within an interval
LOW_ABSORPTION = 85.0  # per cent of the budget at the end of the year below which a warning is due
REACHED = 90.0  # per cent of the target, as for "on track"
Curve = Mapping[int, float]  # month (1..12) or quarter (1..4) → figure so far


@dataclass(frozen=True)
class KindOfFigure:
    """What is known of figures of one kind before any is seen.

    `end` is the year's last step; `most` and `least` what is possible; `grows` that the figures start from nothing and
    never fall (money spent); `needed` how many figures a forecast takes.
    """

    name: str
    end: int
    least: float | None
    most: float | None
    grows: bool
    needed: int

    def held(self, value: float, last: float) -> float:
        """Within what is possible after `last`; more than the whole budget may have been spent."""
        low = last if self.grows else self.least
        held = value if self.most is None else min(value, self.most)
        return held if low is None else max(held, low)


SPM = KindOfFigure("spm", MONTHS, 0.0, 100.0, grows=False, needed=3)
ABSORPTION = KindOfFigure("absorption", MONTHS, 0.0, 100.0, grows=True, needed=1)
OUTCOME = KindOfFigure("outcome", QUARTERS, None, None, grows=False, needed=2)


class ForecastMethod(StrEnum):
    """The candidates. CURVES and TREND stand in early warnings raised before there was a choice."""

    LAST = "last"
    LINE = "line"
    BENT = "bent"
    YEARS = "years"
    ALIKE = "alike"
    CURVES = "curves"
    TREND = "trend"


@dataclass(frozen=True)
class Forecast:
    """Expected at the end of the year, and the interval in which CLAIMED of the years are to end.

    `figures` of this year and `finished` years of the portal's own it rests on; `rise` is the recent rise a step.
    """

    value: float
    low: float
    high: float
    method: ForecastMethod
    figures: int
    finished: int = 0
    rise: float = 0.0

    def misses(self, target: float) -> bool:
        """The whole interval lies below the target."""
        return self.high < target
