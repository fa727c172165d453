"""Where a figure will stand at the end of the year: the one place that works out forecasts and their intervals. Pure.

`core.forecasting.choice` says how.
"""

from core.forecasting.choice import forecast
from core.forecasting.curves import (
    ABSORPTION,
    CLAIMED,
    LOW_ABSORPTION,
    MONTHS,
    OUTCOME,
    QUARTERS,
    REACHED,
    SPM,
    Curve,
    Forecast,
    ForecastMethod,
    KindOfFigure,
)
from core.forecasting.finished import FinishedYears, only_reference

__all__ = [
    "ABSORPTION",
    "CLAIMED",
    "LOW_ABSORPTION",
    "MONTHS",
    "OUTCOME",
    "QUARTERS",
    "REACHED",
    "SPM",
    "Curve",
    "FinishedYears",
    "Forecast",
    "ForecastMethod",
    "KindOfFigure",
    "forecast",
    "only_reference",
]
