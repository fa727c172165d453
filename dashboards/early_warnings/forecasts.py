"""How absorption and achievement are forecast, and how that would have done in years whose end is known. Pure."""

from collections.abc import Sequence

from core.forecasting import (
    MONTHS,
    PERCENT,
    QUARTERS,
    Backtest,
    Curve,
    Forecast,
    backtest,
    by_finished_years,
    by_trend,
)


def absorption(curve: Curve, finished: Sequence[Curve]) -> Forecast | None:
    """Year-end absorption in per cent: by finished years where there are enough, else by trend."""
    return by_finished_years(curve, finished) or by_trend(curve, MONTHS, least=3, bounds=PERCENT, falls=False)


def achievement(curve: Curve) -> Forecast | None:
    """Achievement at the end of the year in per cent of the target, from quarters."""
    return by_trend(curve, QUARTERS)


def backtest_absorption(earlier: Sequence[Curve], later: Sequence[Curve], after: int) -> Backtest | None:
    """The curves of earlier years foresee those of a later one, which none of them has seen."""
    return backtest(later, MONTHS, after, lambda curve: absorption(curve, earlier))


def backtest_achievement(curves: Sequence[Curve], after: int) -> Backtest | None:
    return backtest(curves, QUARTERS, after, achievement)
