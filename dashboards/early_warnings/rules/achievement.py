"""Outcome indicators expected to stay behind their target."""

import datetime as dt
from collections.abc import Sequence

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
    shortfall,
)
from dashboards.models import EarlyWarning
from programs.models import Indicator

LAST_QUARTER_BEGINS = 9  # after this month no quarter is left to come


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

    def next_step(self, facts: Facts, today: dt.date) -> str:
        if today.month <= LAST_QUARTER_BEGINS:
            return _("Ask the OPD which activity moves this outcome, and what it changes in the coming quarter.")
        return _(
            "Ask the OPD which activity still moves this outcome before 31 December, and what the plan of the next "
            "year changes."
        )

    def together(self, rows: Sequence[EarlyWarning], today: dt.date) -> str:
        weakest = min(rows, key=lambda row: row.facts["value"])
        sentence = (
            _("%(name)s is expected to stay at %(value)s per cent of its target, below %(limit)s.")
            if len(rows) == 1
            else _(
                "%(count)s outcomes are expected to stay below %(limit)s per cent of their targets; the weakest: "
                "%(name)s at %(value)s per cent."
            )
        )
        return sentence % {
            "count": figure(len(rows)),
            "limit": figure(REACHED, 0),
            "name": weakest.subject,
            "value": figure(weakest.facts["value"]),
        }

    def lost(self, row: EarlyWarning, today: dt.date) -> float:
        return row.people * shortfall(row.facts, REACHED)

    def measure(self, rows: Sequence[EarlyWarning]) -> str:
        return _("At least %(limit)s per cent of the target on 31 December") % {"limit": figure(REACHED, 0)}

    def judge(self, year: int) -> Judge:
        reached = ends(achievement_curves([year]), QUARTERS)
        return lambda row: None if (percent := reached.get(int(row.key))) is None else percent < REACHED
