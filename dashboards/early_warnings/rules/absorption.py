"""Programmes expected to spend too little of their budget by the end of the year."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    in_people,
    money_of,
    month_text,
    people_of,
)
from dashboards.models import EarlyWarning
from programs.models import Program

CHANGED_BUDGET_BY = (9, 30)  # the council agrees three months before the year ends at the latest (UU 23/2014)
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

    def next_step(self, facts: Facts, today: dt.date) -> str:
        if (today.month, today.day) <= CHANGED_BUDGET_BY:
            return _(
                "Go through the sub-activities with the lowest spending with the OPD; shift what cannot be spent "
                "before the changed budget."
            )
        return _(
            "Go through the sub-activities with the lowest spending with the OPD: what is still paid by 31 December, "
            "and what is planned anew for the next year."
        )

    def together(self, rows: Sequence[EarlyWarning], today: dt.date) -> str:
        return ngettext(
            "%(count)s programme is expected to spend less than %(limit)s per cent: about %(money)s would be left.",
            "%(count)s programmes are expected to spend less than %(limit)s per cent: about %(money)s would be left.",
            len(rows),
        ) % {"count": figure(len(rows)), "limit": figure(LOW_ABSORPTION, 0), "money": money_of(rows)}

    def lost(self, row: EarlyWarning, today: dt.date) -> float:
        return in_people(row.rupiah)  # what would be left unspent

    def measure(self, rows: Sequence[EarlyWarning]) -> str:
        return _("Absorption of at least %(limit)s per cent on 31 December") % {"limit": figure(LOW_ABSORPTION, 0)}

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
