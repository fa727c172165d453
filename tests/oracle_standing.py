"""How a programme stands, once more and in plain Python from the raw rows: the measure for
dashboards/summaries/refresh.sql."""

from dataclasses import dataclass
from decimal import Decimal

from core.periods import Period, PeriodKind
from dashboards.status_rule import AHEAD, GOOD, POOR
from programs.models import IndicatorTarget, Program, ReportValue
from programs.registration import impact
from programs.reports.achievement import Way, achievement
from programs.validation import rows as validation_rows


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
    if reasons & {"silent", "nothing"}:
        state = "no_data"
    elif (reached is not None and reached <= POOR) or (of_plan is not None and of_plan <= POOR):
        state = "off_track"
    else:
        state = "at_risk" if reasons else "on_track"
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
    for indicator in program.indicators.filter(level__in=["outcome", "impact"]):
        newest = {}
        values = ReportValue.objects.delivered().filter(indicator=indicator, value__isnull=False, category="")
        for row in values.order_by("report__period").select_related("report"):
            if row.report.period.number <= until.number:
                newest[row.region_id] = row.value
        if not newest:
            continue
        target = IndicatorTarget.objects.filter(indicator=indicator, period=until).first()
        wanted = target.value if target else indicator.target
        mean = sum(newest.values(), Decimal(0)) / len(newest)
        found = achievement(mean, wanted, Way(indicator.direction), low=indicator.band_low, high=wanted)
        if found.percent is not None:
            percents.append(min(max(found.percent, Decimal(0)), Decimal(100)))
    return sum(percents, Decimal(0)) / len(percents) if percents else None


def stands_still(program: Program) -> bool:
    spending = impact.spending_of([program.pk]).get(program.pk, impact.Spending())
    spent = validation_rows.spent_in_year(program)
    return impact.stands_still((cost.improvement for cost in impact.outcome_costs(program, spent)), spending, spent)
