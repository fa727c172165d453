"""Patterns that suggest figures were not measured: leads for somebody to look into, never verdicts.

After WHO's data-quality toolkit and the literature on digit preference: last digits of counted figures are even, a
figure that was measured again seldom repeats to the last digit, and no measured series runs along a ruler.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

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


_ROWS = """
    SELECT v.id, v.value, lower(r.period) AS starts, v.region_id, v.category, i.name, i.unit_id, p.agency_id, p.nomenclature_id,
           abs(round(v.value * power(10::numeric, u.decimals))) AS digits
      FROM programs_reportvalue v
      JOIN programs_report r ON r.id = v.report_id AND r.is_current AND r.state = ANY(%(delivered)s)
      JOIN programs_program p ON p.id = r.program_id AND p.fiscal_year BETWEEN %(first)s AND %(last)s
      JOIN programs_indicator i ON i.id = v.indicator_id
      JOIN programs_unit u ON u.id = i.unit_id
     WHERE v.value IS NOT NULL
"""
_HEAPING = f"""
    WITH digit AS (
        SELECT agency_id, mod(digits, 10) AS digit, count(*) AS count FROM ({_ROWS}) rows WHERE digits >= 10 GROUP BY 1, 2
    ), whole AS (SELECT agency_id, sum(count) AS count FROM digit GROUP BY 1)
    SELECT w.agency_id, w.count::int, coalesce(sum(d.count) FILTER (WHERE g IN (0, 5)), 0)::int,
           sum(power(coalesce(d.count, 0) - w.count / 10.0, 2) / (w.count / 10.0))::numeric
      FROM whole w CROSS JOIN generate_series(0, 9) g LEFT JOIN digit d ON d.agency_id = w.agency_id AND d.digit = g
     WHERE w.count >= %(least)s
     GROUP BY 1, 2
"""  # noqa: S608 (our own text)
_REPEATS = f"""
    SELECT agency_id, count(*)::int, count(*) FILTER (WHERE value = before)::int
      FROM (SELECT agency_id, value, lag(value) OVER (
                   PARTITION BY agency_id, nomenclature_id, name, region_id, category ORDER BY starts) AS before
              FROM ({_ROWS}) rows) pairs
     WHERE before IS NOT NULL AND value <> 0
     GROUP BY 1 HAVING count(*) >= %(least)s
"""  # noqa: S608 (our own text)
_SMOOTH = f"""
    WITH step AS (
        SELECT *, value - lag(value) OVER line AS change FROM ({_ROWS}) rows
        WINDOW line AS (PARTITION BY agency_id, nomenclature_id, name, region_id, category ORDER BY starts)
    ), bend AS (
        SELECT *, change - lag(change) OVER (
            PARTITION BY agency_id, nomenclature_id, name, region_id, category ORDER BY starts) AS bend FROM step
    )
    SELECT agency_id, (array_agg(bend.id ORDER BY starts DESC))[1], bend.name, region.name, count(*)::int, round(avg(change), 4)
      FROM bend JOIN core_region region ON region.id = region_id
     GROUP BY agency_id, nomenclature_id, bend.name, region_id, region.name, category
    HAVING count(*) >= %(least)s AND avg(abs(change)) > 0 AND avg(abs(bend)) <= %(smoothness)s * avg(abs(change))
     ORDER BY count(*) DESC, 2 LIMIT %(most)s
"""  # noqa: S608 (our own text)


def _asked(fiscal_year: int, delivered: Sequence[str], years: int) -> dict[str, Any]:
    return {"first": fiscal_year - years + 1, "last": fiscal_year, "delivered": list(delivered)}


def _fetch(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def heaping(fiscal_year: int, delivered: Sequence[str], years: int = 2) -> list[Heaping]:
    """OPD whose last digits are far from even, the farthest first."""
    rows = _fetch(_HEAPING, _asked(fiscal_year, delivered, years) | {"least": LEAST_DIGITS})
    found = [Heaping(*row) for row in rows]
    return sorted(
        (row for row in found if row.chi_squared > CHI_SQUARED_LIMIT), key=lambda row: row.chi_squared, reverse=True
    )


def repeats(fiscal_year: int, delivered: Sequence[str], years: int = 2) -> list[Repeats]:
    """OPD of which a fifth of the figures or more repeat the last period, the most first."""
    rows = _fetch(_REPEATS, _asked(fiscal_year, delivered, years) | {"least": LEAST_REPEATS})
    found = [Repeats(*row) for row in rows]
    return sorted(
        (row for row in found if row.repeated >= row.count * REPEATED_SHARE), key=lambda row: row.percent, reverse=True
    )


def smooth(fiscal_year: int, delivered: Sequence[str], years: int = 3) -> list[Smooth]:
    """Series of six points or more that move by the same step every time."""
    parameters = {"least": LEAST_POINTS, "smoothness": SMOOTHNESS, "most": MOST_SMOOTH}
    return [Smooth(*row) for row in _fetch(_SMOOTH, _asked(fiscal_year, delivered, years) | parameters)]
