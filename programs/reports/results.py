"""How far each reported value got: the formulas of programs.reports.achievement over the targets of the period."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.models import PROVINCE_KEMENDAGRI_CODE
from core.periods import Period, PeriodKind
from programs.choices import OverTime
from programs.models import IndicatorTarget, ReportValue
from programs.reports import achievement
from programs.validation.rows import is_due


@dataclass(frozen=True)
class Reached:
    """`percent` is None in every state but the measured one, which `words` then names; `target` is the one used."""

    percent: Decimal | None
    target: Decimal | None
    words: str


def achieved(values: Sequence[ReportValue], period: Period) -> list[tuple[ReportValue, Reached]]:
    """Against the target of the quarter where there is one, else that of the year. One query."""
    targets = {
        row.indicator_id: row.value
        for row in IndicatorTarget.objects.filter(indicator__in={value.indicator_id for value in values}, period=period)
    }
    found = []
    for value in values:
        indicator = value.indicator
        target = targets.get(indicator.pk, indicator.target)
        if indicator.is_shared_out and not is_whole(value):
            found.append((value, Reached(None, target, _("part of the whole"))))
            continue
        if indicator.over_time != OverTime.LAST:
            found.append((value, Reached(None, target, _("part of the year"))))
            continue
        result = achievement.achievement(
            value.value,
            target,
            achievement.Way(indicator.direction),
            baseline=indicator.baseline,
            low=indicator.band_low,
            high=target,
            is_due=period.kind is not PeriodKind.QUARTER or is_due(value),
        )
        found.append((value, Reached(result.percent, target, said(result.state))))
    return found


def is_whole(value: ReportValue) -> bool:
    """Whether the row is of the province as a whole."""
    return value.region.kemendagri_code == PROVINCE_KEMENDAGRI_CODE


def said(state: achievement.State) -> str:
    """The state in words; empty for a measured value."""
    return {
        achievement.State.NO_VALUE: _("no value"),
        achievement.State.NO_TARGET: _("no target"),
        achievement.State.NOT_DUE: _("not due"),
        achievement.State.MEASURED: "",
    }[state]
