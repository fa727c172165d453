"""What was spent against what came of it, OPD by OPD or programme by programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from dashboards.filters import DashboardFilter
from dashboards.models import (
    ProgramStanding,
)
from dashboards.overview.figures import Overview

MOST_POINTS = 200


@dataclass(frozen=True)
class SpreadPoint:
    """One circle of the scatter: absorption and achievement in per cent, budget in Rp, and where it leads."""

    name: str
    absorbed: Decimal
    achieved: Decimal
    budget_rupiah: Decimal
    url: str


def spread(overview: Overview, filters: DashboardFilter, programs: Iterable[ProgramStanding] = ()) -> list[SpreadPoint]:
    """OPD by what they spent and what came of it; the programmes of one OPD once it is chosen."""
    if filters.agency:
        return programs_spread(programs)
    found = []
    for row in overview.agencies:
        absorbed, achieved = row.total.spent_percent, row.total.achievement
        if absorbed is not None and achieved is not None:
            url = filters.link("standings", agency=row.agency.pk)
            found.append(SpreadPoint(row.agency.short_name, absorbed, achieved, row.total.budget_rupiah, url))
    return found


def programs_spread(programs: Iterable[ProgramStanding]) -> list[SpreadPoint]:
    """Those that have spent and measured."""
    known = [
        SpreadPoint(
            row.program.name, row.spent_percent, row.achievement, row.budget_rupiah, row.program.get_absolute_url()
        )
        for row in programs
        if row.spent_percent is not None and row.achievement is not None and row.budget_rupiah
    ]
    return known[:MOST_POINTS]
