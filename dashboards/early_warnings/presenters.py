"""How the forecasts' back-tests are shown: a picture and three figures for each series, the lines folded behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from django.utils.safestring import SafeString

from core.forecasting.back_tests import ForecastTest
from dashboards.early_warnings.back_tests import OWN, series_name, shape_name
from dashboards.early_warnings.charts import error_lines


@dataclass(frozen=True)
class TriedShape:
    """The portal's own finished years, or generated ones of one shape, month by month."""

    name: str
    is_own: bool
    tests: list[ForecastTest]


@dataclass(frozen=True)
class TriedSeries:
    """What the page shows of SPM, absorption or outcome."""

    name: str
    shapes: list[TriedShape]

    @property
    def is_own(self) -> bool:
        return any(shape.is_own for shape in self.shapes)

    @property
    def years(self) -> int:
        """The years it was tried on: the most that any month was, of each shape."""
        return sum(max(test.years for test in shape.tests) for shape in self._shown)

    @property
    def inside_percent(self) -> float:
        """Of all forecasts, how many years ended within the interval."""
        return 100 * _mean([(test.inside, test.years) for test in self._tests])

    @property
    def precision_percent(self) -> float | None:
        """Of the warnings; every month and shape counts alike, for how many were raised is not kept."""
        known = [test.precision for test in self._tests if test.precision is not None]
        return 100 * fmean(known) if known else None

    @property
    def chart(self) -> SafeString:
        by_month: dict[int, list[ForecastTest]] = {}
        for test in self._tests:
            by_month.setdefault(test.after, []).append(test)
        points = [
            (
                month,
                _mean([(test.error, test.years) for test in tests]),
                _mean([(test.best_simple_error, test.years) for test in tests]),
            )
            for month, tests in sorted(by_month.items())
        ]
        return error_lines(points, name=self.name)

    @property
    def _shown(self) -> list[TriedShape]:
        """Picture and figures rest on the own finished years where there are any."""
        return [shape for shape in self.shapes if shape.is_own] or self.shapes

    @property
    def _tests(self) -> list[ForecastTest]:
        return [test for shape in self._shown for test in shape.tests]


def _mean(weighted: Sequence[tuple[float, int]]) -> float:
    return sum(value * weight for value, weight in weighted) / sum(weight for _value, weight in weighted)


def tried_series(tests: Iterable[ForecastTest]) -> list[TriedSeries]:
    """The series in the order in which they were tested, in each the own years before the generated ones."""
    series: dict[str, list[ForecastTest]] = {}
    for test in sorted(tests, key=lambda test: test.shape != OWN):
        series.setdefault(test.series, []).append(test)
    return [
        TriedSeries(
            series_name(name),
            [
                TriedShape(shape_name(shape), shape == OWN, list(group))
                for shape, group in groupby(found, key=lambda test: test.shape)
            ],
        )
        for name, found in series.items()
    ]
