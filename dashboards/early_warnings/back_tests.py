"""How the forecasts do on years whose end is known: the portal's own finished ones and generated ones.

It takes the worker a minute or two; the page shows what it kept.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from core import queue
from core.forecasting import ABSORPTION, LOW_ABSORPTION, OUTCOME, REACHED, SPM, KindOfFigure
from core.forecasting.back_tests import ForecastTest, generated_back_tests, own_back_test
from core.forecasting.generated import SHAPES, Targeted
from core.models import PROVINCE_KEMENDAGRI_CODE
from dashboards.early_warnings.curves import YEARS_BACK, Curves, achievement_curves, spending_curves
from spm import target_forecast
from spm.models import ServiceKind

KEPT = "early-warnings-back-tests"
ASKED_SECONDS = 600
OWN = "own"


@dataclass(frozen=True)
class Kept:
    """What the worker found, and when."""

    at: dt.datetime
    tests: list[ForecastTest]


def kept_or_asked_for() -> Kept | None:
    """The worker does it at night; whoever comes before the first night has it done now, once."""
    found = cache.get(KEPT)
    if found:
        return Kept(*found)
    if cache.add(f"{KEPT}-asked", True, ASKED_SECONDS):
        queue.send("dashboards.early_warnings.tasks.back_test_forecasts")
    return None


def work_out(year: int) -> int:
    """Back-test anew and keep it; how many rows."""
    tests = [*own_back_tests(year), *generated_back_tests(years=settings.BACK_TEST_YEARS)]
    cache.set(KEPT, (timezone.now(), tests), timeout=None)
    return len(tests)


def own_back_tests(year: int) -> list[ForecastTest]:
    """The newest of the portal's finished years, foreseen from those before it. Five queries."""
    years = list(range(year - YEARS_BACK, year))
    indices, targets = _indices(years)
    return [
        *_own(SPM, indices, targets, 0.0),
        *_own(ABSORPTION, spending_curves(years), {}, LOW_ABSORPTION),
        *_own(OUTCOME, achievement_curves(years), {}, REACHED),
    ]


def _indices(years: list[int]) -> tuple[Curves, dict[int, float]]:
    """By service and year, of the province; and their targets by the same key."""
    services = dict(ServiceKind.objects.values_list("pk", "target"))
    found = target_forecast.index_curves(years, region__kemendagri_code=PROVINCE_KEMENDAGRI_CODE)
    curves: Curves = {}
    targets: dict[int, float] = {}
    for number, ((service, _region, of), curve) in enumerate(sorted(found.items())):
        curves[number] = (of, curve)
        targets[number] = float(services[service])
    return curves, targets


def _own(series: KindOfFigure, curves: Curves, targets: dict[int, float], target: float) -> Iterable[ForecastTest]:
    done = {key: (of, curve) for key, (of, curve) in curves.items() if series.end in curve}
    newest = max((of for of, _curve in done.values()), default=0)
    earlier = [curve for of, curve in done.values() if of < newest]
    later: list[Targeted] = [(curve, targets.get(key, target)) for key, (of, curve) in done.items() if of == newest]
    tests = (own_back_test(series, after, earlier, later) for after in range(series.end // 4, series.end))
    return [test for test in tests if test is not None]


def series_name(name: str) -> str:
    return {SPM.name: "SPM", ABSORPTION.name: _("Absorption")}.get(name, _("Outcome"))


def shape_name(name: str) -> str:
    """In words, as the page says it."""
    words = (
        _("evenly rising"),
        _("slackening"),
        _("most at the end"),
        _("level, with noise"),
        _("eight points lower than the years before"),
        _("first year of a portal"),
    )
    return dict(zip(SHAPES, words, strict=True)).get(name, _("finished years of the portal"))
