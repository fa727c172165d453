"""The forecasts of the early warnings held against finished years of the portal and generated ones."""

from django.utils.translation import gettext as _

from core.forecasting import Backtest, Curve
from dashboards.early_warnings import forecasts
from dashboards.early_warnings.curves import YEARS_BACK, achievement_curves, spending_curves
from dashboards.early_warnings.simulation import generated


def back_tests(year: int) -> list[tuple[str, list[Backtest]]]:
    """(what, its back-tests): the portal's own finished years where there are any, and generated ones. Two queries."""
    spending = spending_curves(list(range(year - YEARS_BACK, year)))
    newest = max((of for of, _curve in spending.values()), default=0)
    own_earlier: list[Curve] = [curve for of, curve in spending.values() if of < newest]
    own_later: list[Curve] = [curve for of, curve in spending.values() if of == newest]
    quarters = achievement_curves(list(range(year - YEARS_BACK, year)))
    own_quarters: list[Curve] = [curve for _of, curve in quarters.values()]
    made = generated()
    found = [
        (_("Absorption, finished years of the portal"), _absorption(own_earlier, own_later)),
        (_("Absorption, generated years"), _absorption(made.earlier, made.later)),
        (_("Achievement, finished years of the portal"), _achievement(own_quarters)),
        (_("Achievement, generated years"), _achievement(made.quarters)),
    ]
    return [(name, tests) for name, tests in found if tests]


def _absorption(earlier: list[Curve], later: list[Curve]) -> list[Backtest]:
    tests = [forecasts.backtest_absorption(earlier, later, after) for after in (3, 6, 9)]
    return [test for test in tests if test is not None]


def _achievement(curves: list[Curve]) -> list[Backtest]:
    tests = [forecasts.backtest_achievement(curves, after) for after in (2, 3)]
    return [test for test in tests if test is not None]
