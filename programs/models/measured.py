"""What the reported values of an indicator make together: over the periods of a year, and over its regions.

The rule stands once, in PostgreSQL (`programs_measured`): summaries, costs and forecasts ask it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from programs.choices import IMPACT_LEVELS, IndicatorLevel


@dataclass(frozen=True)
class MeasuredValue:
    """`value` is what is measured from January up to the end of the quarter; `pooled` says how regions went together:
    total, sum, weighted, mean. `is_new`: something was reported for the quarter itself."""

    indicator_id: int
    quarter: int
    value: Decimal
    pooled: str
    is_new: bool


def measured(program_ids: Iterable[int], levels: Iterable[IndicatorLevel | str] = IMPACT_LEVELS) -> list[MeasuredValue]:
    """Of outcomes and impacts, or of the given levels, from delivered quarterly reports, by quarter. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indicator_id, quarter, value, pooled, is_new FROM programs_measured(%s::bigint[], %s::text[])"
            " ORDER BY quarter",
            [list(program_ids), [str(level) for level in levels]],
        )
        return [MeasuredValue(*row) for row in cursor.fetchall()]
