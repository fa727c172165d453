"""Made-up years whose end is known, to hold the forecasts against: spending month by month, outcomes by quarter.
Pure."""

import random
from dataclasses import dataclass

from core.forecasting import MONTHS, QUARTERS, Curve

SEED = 20260
MANY = 400


@dataclass(frozen=True)
class Generated:
    """`earlier` and `later` are spending in per cent of the budget by month; `quarters` achievement by quarter."""

    earlier: list[Curve]
    later: list[Curve]
    quarters: list[Curve]


def generated(seed: int = SEED, many: int = MANY) -> Generated:
    """Spending that starts slowly and hurries at the end, with years and programmes that differ; outcomes that
    wander."""
    chance = random.Random(seed)  # noqa: S311 (no secret hangs on it)
    return Generated(
        [_spending(chance, shift=chance.gauss(0, 0.15)) for _n in range(many)],
        [_spending(chance, shift=chance.gauss(0.1, 0.15)) for _n in range(many)],
        [_outcome(chance) for _n in range(many)],
    )


def _spending(chance: random.Random, shift: float) -> Curve:
    """The end lies between 40 and 100 per cent; the way there bends by 1.2 to 2.2 (the later the spending, the
    more)."""
    end = min(max(chance.gauss(85, 12), 40.0), 100.0)
    bend = min(max(chance.gauss(1.6 + shift, 0.2), 1.1), 2.4)
    spent, curve = 0.0, {}
    for month in range(1, MONTHS + 1):
        on_the_way = end * (month / MONTHS) ** bend * (1 + chance.gauss(0, 0.04) * (month < MONTHS))
        spent = max(spent, min(on_the_way, end))
        curve[month] = end if month == MONTHS else spent
    return curve


def _outcome(chance: random.Random) -> Curve:
    """Achievement climbs by a pace of its own that slackens, with noise of two points."""
    start, pace, slack = chance.gauss(55, 12), chance.gauss(10, 6), chance.uniform(0.5, 1.0)
    curve, level = {}, start
    for quarter in range(1, QUARTERS + 1):
        curve[quarter] = level + chance.gauss(0, 2)
        level += pace
        pace *= slack
    return curve
