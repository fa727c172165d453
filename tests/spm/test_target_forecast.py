"""The forecast of the year-end index: from which month on, what it learns from, and when it warns."""

import pytest

from core.periods import Period, PeriodKind
from spm import index_store, target_forecast
from spm.models import ServiceKind
from spm.target_forecast import year_end_index
from tests import factories

YEAR = 2025


def entered(start: float, rise: float, year: int = YEAR, last: int = 9) -> None:
    for month in range(1, last + 1):
        served = round(start + rise * month)
        factories.achieve("1.01.a", "64.72", 100, served, month=Period(year, PeriodKind.MONTH, month))


@pytest.mark.parametrize("months", [{}, {1: 50.0}, {1: 50.0, 2: 52.0}, dict.fromkeys(range(1, 13), 50.0)])
def test_too_little_or_nothing_left(months: dict[int, float]) -> None:
    assert year_end_index(months) is None


def test_a_service_far_below_its_target_is_told_of(db: None) -> None:
    entered(50, 1)
    index_store.recompute_all()
    found = target_forecast.outlooks(Period(YEAR, PeriodKind.MONTH, 9))
    assert [(each.service.code, each.ahead.high < 100) for each in found] == [("1.01.a", True)]


def test_a_service_on_its_way_is_not(db: None) -> None:
    """Its index rises evenly and reaches the target by December: once each such service was told of."""
    entered(28, 6)
    index_store.recompute_all()
    ((_key, indices),) = target_forecast.index_curves(
        [YEAR], region__kemendagri_code="64", service__code="1.01.a"
    ).items()
    ServiceKind.objects.filter(code="1.01.a").update(target=round(indices[9] + 2 * (indices[9] - indices[8]), 2))
    assert not target_forecast.outlooks(Period(YEAR, PeriodKind.MONTH, 9))


def test_the_years_before_are_learned_from(db: None) -> None:
    entered(40, 2, YEAR - 1, 12)
    entered(40, 2)
    index_store.recompute_all()
    curves = target_forecast.index_curves([YEAR - 1, YEAR])
    assert {year for _service, _region, year in curves} == {YEAR - 1, YEAR}
    assert all(len(curve) == 12 for (_service, _region, year), curve in curves.items() if year == YEAR - 1)
    assert not target_forecast.finished_years(YEAR, service=1).is_own
