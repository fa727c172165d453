"""How a programme stands, once more and in plain Python from the raw rows: the measure for
dashboards/summaries/refresh.sql."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.periods import Period, PeriodKind
from dashboards.status_rule import AHEAD, GOOD, POOR
from programs.models import Indicator, IndicatorTarget, Program, ReportValue
from programs.registration import impact
from programs.reports.achievement import Way, achievement
from programs.validation import rows as validation_rows

if TYPE_CHECKING:
    from core.models import Region


@dataclass
class Expected:
    spent: Decimal | None
    planned: Decimal | None
    achievement: Decimal | None
    state: str
    reasons: set[str]


def expected(program: Program, quarter: int, newest_due: int | None) -> Expected:
    """`newest_due`: the newest quarter that is over, no later than `quarter`."""
    until = Period(program.fiscal_year, PeriodKind.QUARTER, quarter)
    spent, planned = _money(program, until)
    reached = _achievement(program, until)
    reports = program.reports.delivered().quarterly()
    numbers = {row.period.number for row in reports if row.period.number <= quarter}
    reasons = set()
    if newest_due is not None and not any(number >= newest_due for number in numbers):
        reasons.add("silent")
    if reached is None and spent is None:
        reasons.add("nothing")
    of_plan = spent * 100 / planned if spent is not None and planned else None
    of_budget = spent * 100 / program.budget_rupiah if spent is not None and program.budget_rupiah else None
    if reached is not None and reached <= GOOD:
        reasons.add("achievement")
    if of_plan is not None and of_plan <= GOOD:
        reasons.add("spending")
    deviates = ReportValue.objects.delivered().deviating().filter(report__in=reports, value__isnull=False)
    if any(value.report.period.number <= quarter for value in deviates.select_related("report")):
        reasons.add("deviating")
    if of_budget is not None and reached is not None and of_budget - reached >= AHEAD:
        reasons.add("no_result")
    if "nothing" in reasons:
        state = "no_data"
    elif (reached is not None and reached <= POOR) or (of_plan is not None and of_plan <= POOR):
        state = "off_track"
    else:
        state = "at_risk" if reasons - {"silent"} else "on_track"
    return Expected(spent, planned, reached, state, reasons)


def _money(program: Program, until: Period) -> tuple[Decimal | None, Decimal | None]:
    newest = {}
    for report in program.reports.delivered().monthly().order_by("period"):
        if report.period.end <= until.end:
            for row in report.progress.all():
                if row.financial_rupiah is not None:
                    newest[row.sub_activity_id] = row
    plans = [row.planned_rupiah for row in newest.values() if row.planned_rupiah is not None]
    spent = sum((row.financial_rupiah for row in newest.values()), Decimal(0)) if newest else None
    if spent is not None:
        assert spent == validation_rows.spent_of_programs([program.pk], until, delivered=True)[program.pk][0]
    return spent, sum(plans, Decimal(0)) if plans else None


def _achievement(program: Program, until: Period) -> Decimal | None:
    percents = []
    for indicator in program.indicators.filter(level__in=["outcome", "impact"]).select_related("unit"):
        value = measured_value(indicator, until)
        if value is None:
            continue
        target = IndicatorTarget.objects.filter(indicator=indicator, period=until).first()
        wanted = target.value if target else indicator.target
        way = Way(indicator.direction)
        found = achievement(value, wanted, way, baseline=indicator.baseline, low=indicator.band_low, high=wanted)
        if found.percent is not None:
            percents.append(min(max(found.percent, Decimal(0)), Decimal(100)))
    return sum(percents, Decimal(0)) / len(percents) if percents else None


def measured_value(indicator: Indicator, until: Period) -> Decimal | None:
    """What the reports make together, said once more: over time first, then over regions."""
    reported: dict[Region, list[ReportValue]] = {}
    values = ReportValue.objects.delivered().filter(indicator=indicator, value__isnull=False, category="")
    for row in values.order_by("report__period").select_related("report", "region"):
        if row.report.period.number <= until.number:
            reported.setdefault(row.region, []).append(row)
    each = {region: _over_time(indicator.over_time, rows) for region, rows in reported.items()}
    whole = next((value for region, (value, _weight) in each.items() if region.kemendagri_code == "64"), None)
    if whole is not None:
        return whole
    way = indicator.over_regions or _usual(indicator)
    if not each or way == "total":
        return None
    figures, weights = [value for value, _weight in each.values()], [weight for _value, weight in each.values()]
    if way == "sum":
        return sum(figures, Decimal(0))
    if way == "weighted" and all(weights):
        known = [weight or Decimal(0) for weight in weights]
        return sum((f * w for f, w in zip(figures, known, strict=True)), Decimal(0)) / sum(known, Decimal(0))
    return sum(figures, Decimal(0)) / len(figures)


def _usual(indicator: Indicator) -> str:
    if indicator.numerator_label:
        return "weighted"
    return "sum" if indicator.unit.adds_up else "mean"


def _over_time(way: str, rows: list[ReportValue]) -> tuple[Decimal, Decimal | None]:
    """(value, denominator) of one region's rows, the oldest first."""
    figures = [row.value or Decimal(0) for row in rows]
    weights = [row.denominator for row in rows]
    if way in {"sum", "mean"}:
        known = [weight for weight in weights if weight is not None]
        total = sum(figures, Decimal(0))
        return (total if way == "sum" else total / len(figures)), sum(known, Decimal(0)) if known else None
    return (max(figures) if way == "max" else figures[-1]), weights[-1]


def stands_still(program: Program) -> bool:
    spending = impact.spending_of([program.pk]).get(program.pk, impact.Spending())
    spent = validation_rows.spent_in_year(program)
    return impact.stands_still((cost.improvement for cost in impact.outcome_costs(program, spent)), spending, spent)
