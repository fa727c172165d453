"""Outcome indicators expected to stay behind their target."""

import datetime as dt

from django.utils.translation import gettext as _

from core.forecasting import OUTCOME, QUARTERS, REACHED, FinishedYears, Forecast, forecast
from dashboards.choices import WarningKind
from dashboards.early_warnings.curves import YEARS_BACK, achievement_curves, ends
from dashboards.early_warnings.rules.base import (
    Facts,
    Forecasting,
    FoundWarning,
    Judge,
    expected,
    facts_of,
    figure,
    people_of,
    quarter_text,
)
from programs.models import Indicator


class LowAchievement(Forecasting):
    kind = WarningKind.ACHIEVEMENT

    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        del today  # the newest report says up to when
        ahead: dict[int, tuple[Forecast, float, int]] = {}
        curves = achievement_curves([year, *range(year - YEARS_BACK, year)])
        finished = FinishedYears(OUTCOME, (curve for of, curve in curves.values() if of < year))
        for key, (of, curve) in curves.items():
            seen = forecast(curve, finished) if of == year else None
            if seen is not None and seen.misses(REACHED):
                ahead[key] = (seen, curve[max(curve)], max(curve))
        rows = Indicator.objects.filter(pk__in=ahead).select_related("program")
        return [self._warning(row, *ahead[row.pk]) for row in rows]

    def _warning(self, row: Indicator, seen: Forecast, now: float, quarter: int) -> FoundWarning:
        program = row.program
        return FoundWarning(
            self.kind,
            str(row.pk),
            program.agency_id,
            program.pk,
            f"{row.name} ({program.name})"[:300],
            program.get_absolute_url(),
            people_of(program),
            program.budget_rupiah,
            facts_of(seen) | {"now": round(now, 2), "quarter": quarter},
        )

    def reason(self, year: int, facts: Facts) -> str:
        said = {"now": figure(facts["now"]), "quarter": quarter_text(year, facts["quarter"]), "limit": figure(REACHED)}
        return _(
            "%(now)s per cent of the target in %(quarter)s; %(value)s per cent expected at the end of the year. Even "
            "the upper end of what is likely (%(low)s to %(high)s) is below %(limit)s."
        ) % (said | expected(facts))

    def next_step(self) -> str:
        return _("Ask the OPD which activity moves this outcome, and what it changes in the coming quarter.")

    def judge(self, year: int) -> Judge:
        reached = ends(achievement_curves([year]), QUARTERS)
        return lambda row: None if (percent := reached.get(int(row.key))) is None else percent < REACHED
