"""Programmes expected to spend too little of their budget by the end of the year."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from core.forecasting import ABSORPTION, LOW_ABSORPTION, MONTHS, FinishedYears, Forecast, forecast
from dashboards.choices import WarningKind
from dashboards.early_warnings.curves import YEARS_BACK, ends, spending_curves
from dashboards.early_warnings.rules.base import (
    Facts,
    Forecasting,
    FoundWarning,
    Judge,
    expected,
    facts_of,
    figure,
    month_text,
    people_of,
)
from programs.models import Program

FIRST_MONTH = 3  # before April the year says too little


class LowAbsorption(Forecasting):
    kind = WarningKind.ABSORPTION

    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        del today  # the newest report says up to when
        ahead = _ahead(year)
        rows = Program.objects.filter(pk__in=ahead).select_related("agency")
        return [self._warning(row, *ahead[row.pk]) for row in rows]

    def _warning(self, row: Program, seen: Forecast, now: float, month: int) -> FoundWarning:
        lacking = (row.budget_rupiah * Decimal(LOW_ABSORPTION - seen.value) / 100).quantize(Decimal(1))
        return FoundWarning(
            self.kind,
            str(row.pk),
            row.agency_id,
            row.pk,
            row.name,
            row.get_absolute_url(),
            people_of(row),
            lacking,
            facts_of(seen) | {"now": round(now, 2), "month": month},
        )

    def reason(self, year: int, facts: Facts) -> str:
        said = {
            "now": figure(facts["now"]),
            "month": month_text(year, facts["month"]),
            "limit": figure(LOW_ABSORPTION),
        }
        return _(
            "%(now)s per cent spent up to %(month)s; %(value)s per cent expected at the end of the year. Even the "
            "upper end of what is likely (%(low)s to %(high)s) is below %(limit)s."
        ) % (said | expected(facts))

    def next_step(self) -> str:
        return _(
            "Go through the sub-activities with the lowest spending with the OPD; shift what cannot be spent "
            "before the changed budget."
        )

    def judge(self, year: int) -> Judge:
        absorbed = ends(spending_curves([year]), MONTHS)
        return lambda row: None if (share := absorbed.get(int(row.key))) is None else share < LOW_ABSORPTION


def _ahead(year: int) -> dict[int, tuple[Forecast, float, int]]:
    """By programme whose likely end is below the limit: its forecast, what is spent in per cent, and in which month."""
    curves = spending_curves([year, *range(year - YEARS_BACK, year)])
    finished = FinishedYears(ABSORPTION, (curve for of, curve in curves.values() if of < year))
    found: dict[int, tuple[Forecast, float, int]] = {}
    for program, (of, curve) in curves.items():
        month = max(curve)
        if of == year and FIRST_MONTH <= month < MONTHS:
            seen = forecast(curve, finished)
            if seen is not None and seen.misses(LOW_ABSORPTION):
                found[program] = (seen, curve[month], month)
    return found
