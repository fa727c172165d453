"""Patterns that suggest figures were not measured: leads for somebody to look into, never verdicts.

After WHO's data-quality toolkit and the literature on digit preference: last digits of counted figures are even, a
figure that was measured again seldom repeats to the last digit, and no measured series runs along a ruler.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from core.sql import statements

CHI_SQUARED_LIMIT = Decimal("27.88")  # nine degrees of freedom, one in a thousand
LEAST_DIGITS = 50
LEAST_REPEATS = 20
REPEATED_SHARE = Decimal("0.2")
LEAST_POINTS = 6
SMOOTHNESS = Decimal("0.01")  # spread of the second differences against the mean change
MOST_SMOOTH = 50


@dataclass(frozen=True)
class Heaping:
    """Last digits of an OPD's figures: how many end in 0 or 5, and the chi-squared distance from even digits."""

    agency_id: int
    count: int
    ends_in_0_or_5: int
    chi_squared: Decimal

    @property
    def percent(self) -> Decimal:
        return Decimal(self.ends_in_0_or_5 * 100) / self.count


@dataclass(frozen=True)
class Repeats:
    """Figures of an OPD that repeat the same row's last period to the last digit."""

    agency_id: int
    count: int
    repeated: int

    @property
    def percent(self) -> Decimal:
        return Decimal(self.repeated * 100) / self.count


@dataclass(frozen=True)
class Smooth:
    """A series that moves by the same step every time; `value_id` is its newest figure."""

    agency_id: int
    value_id: int
    name: str
    region: str
    points: int
    step: Decimal


_SQL = statements("patterns.sql", beside=__file__)


def _asked(fiscal_year: int, delivered: Sequence[str], years: int) -> dict[str, Any]:
    return {"first": fiscal_year - years + 1, "last": fiscal_year, "delivered": list(delivered)}


def _fetch(name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL[name].format(rows=_SQL["rows"]), parameters)
        return list(cursor.fetchall())


def heaping(fiscal_year: int, delivered: Sequence[str], years: int = 2) -> list[Heaping]:
    """OPD whose last digits are far from even, the farthest first."""
    rows = _fetch("heaping", _asked(fiscal_year, delivered, years) | {"least": LEAST_DIGITS})
    found = [Heaping(*row) for row in rows]
    return sorted(
        (row for row in found if row.chi_squared > CHI_SQUARED_LIMIT), key=lambda row: row.chi_squared, reverse=True
    )


def repeats(fiscal_year: int, delivered: Sequence[str], years: int = 2) -> list[Repeats]:
    """OPD of which a fifth of the figures or more repeat the last period, the most first."""
    rows = _fetch("repeats", _asked(fiscal_year, delivered, years) | {"least": LEAST_REPEATS})
    found = [Repeats(*row) for row in rows]
    return sorted(
        (row for row in found if row.repeated >= row.count * REPEATED_SHARE), key=lambda row: row.percent, reverse=True
    )


def smooth(fiscal_year: int, delivered: Sequence[str], years: int = 3) -> list[Smooth]:
    """Series of six points or more that move by the same step every time."""
    parameters = {"least": LEAST_POINTS, "smoothness": SMOOTHNESS, "most": MOST_SMOOTH}
    return [Smooth(*row) for row in _fetch("smooth", _asked(fiscal_year, delivered, years) | parameters)]
