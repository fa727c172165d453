"""Where an indicator begins in another year: last year's result as its baseline, and a proposal for its target."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.forecasting import OUTCOME, FinishedYears, forecast, only_reference
from core.numbers import round_half_up
from core.periods import QUARTERS, Period
from programs.choices import BaselineSource, Direction, IndicatorLevel, OverTime, TargetChoice, TargetSource
from programs.models import Indicator, Program
from programs.models.measured import measured
from programs.reports.achievement import Way, achievement, figure_at


@dataclass(frozen=True)
class YearResult:
    """What an indicator came to by `quarter`; while the year is not over, also where it is expected to end."""

    value: Decimal
    quarter: int
    foreseen: Decimal | None = None


@dataclass(frozen=True)
class Beginning:
    """What a copied indicator starts from and aims at, each with where it comes from."""

    indicator: Indicator
    baseline: Decimal
    baseline_source: BaselineSource
    quarter: int | None
    target: Decimal | None
    target_source: TargetSource


def year_results(programs: Iterable[Program]) -> dict[int, YearResult]:
    """By indicator, of every level: the newest delivered result of its year. One query for figures, one for
    indicators."""
    keys = [program.pk for program in programs]
    rows = measured(keys, IndicatorLevel.values)
    indicators = Indicator.objects.in_bulk({row.indicator_id for row in rows})
    curves: dict[int, dict[int, float]] = {}
    newest: dict[int, tuple[Decimal, int]] = {}
    for row in rows:  # in the order of the quarters
        if not row.is_new:
            continue
        newest[row.indicator_id] = (row.value, row.quarter)
        indicator = indicators[row.indicator_id]
        if indicator.direction != Direction.BAND:
            way = Way(indicator.direction)
            percent = achievement(row.value, indicator.target, way, baseline=indicator.baseline).percent
            if percent is not None:
                curves.setdefault(row.indicator_id, {})[row.quarter] = float(percent)
    finished = only_reference(OUTCOME)
    return {
        pk: YearResult(value, quarter, _foreseen(indicators[pk], curves.get(pk, {}), quarter, finished))
        for pk, (value, quarter) in newest.items()
    }


def _foreseen(indicator: Indicator, curve: dict[int, float], quarter: int, finished: FinishedYears) -> Decimal | None:
    """The value at the end of the year by the portal's forecast; None where it can't tell, and when it is there."""
    if quarter == QUARTERS or indicator.target is None:
        return None
    ahead = forecast(curve, finished)
    if ahead is None:
        return None
    percent = Decimal(str(ahead.value))
    return figure_at(percent, indicator.target, Way(indicator.direction), baseline=indicator.baseline)


def beginning(indicator: Indicator, result: YearResult | None, year: int, choice: TargetChoice) -> Beginning:
    """`indicator` is last year's, with its targets at hand."""
    if result is None:
        baseline, source, quarter = indicator.baseline, BaselineSource.BASELINE, None
    else:
        whole = result.quarter == QUARTERS
        source = BaselineSource.RESULT if whole else BaselineSource.RESULT_SO_FAR
        baseline, quarter = _fitting(indicator, result.value), result.quarter
    target, aims = _target(indicator, result, year, choice)
    return Beginning(indicator, baseline, source, quarter, target, aims)


def _target(
    indicator: Indicator, result: YearResult | None, year: int, choice: TargetChoice
) -> tuple[Decimal | None, TargetSource]:
    if choice == TargetChoice.EMPTY or indicator.target is None:
        return None, TargetSource.EMPTY
    planned = _planned(indicator, year)
    if planned is not None:
        return planned, TargetSource.PLANNED
    if indicator.direction == Direction.BAND:
        return indicator.target, TargetSource.KEPT
    step = indicator.target - indicator.baseline
    if result is not None and result.foreseen is not None:
        return _fitting(indicator, result.foreseen + step), TargetSource.FORESEEN
    if result is None or (result.quarter < QUARTERS and _grows_over_the_year(indicator)):
        return indicator.target, TargetSource.KEPT  # a part of a year says nothing of the next one
    return _fitting(indicator, result.value + step), TargetSource.STEP


def _planned(indicator: Indicator, year: int) -> Decimal | None:
    """The target of the year that is on record already."""
    return next((row.value for row in indicator.targets.all() if row.period == Period(year)), None)


def _grows_over_the_year(indicator: Indicator) -> bool:
    return indicator.over_time == OverTime.SUM or indicator.is_cumulative


def _fitting(indicator: Indicator, value: Decimal) -> Decimal:
    """In the unit's decimals and within its range."""
    limits = indicator.unit.limits
    return round_half_up(max(limits.lowest, min(limits.highest, value)), indicator.unit.decimals)
