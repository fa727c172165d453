"""Figures of a series as a table: regions down, periods across. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.models import Region
from core.periods import Period
from datasources.models import Observation


@dataclass(frozen=True)
class FiguresTable:
    periods: list[Period]
    rows: list[tuple[Region, list[Observation | None]]]


def figures_table(figures: Iterable[Observation]) -> FiguresTable:
    figures = list(figures)
    periods = sorted({figure.period for figure in figures})
    regions = {figure.region_id: figure.region for figure in figures}
    cells = {(figure.region_id, figure.period): figure for figure in figures}
    return FiguresTable(
        periods, [(region, [cells.get((pk, period)) for period in periods]) for pk, region in regions.items()]
    )
