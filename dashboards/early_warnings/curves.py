"""How spending and achievement went month by month and quarter by quarter: what forecasts learn from and are proved
by."""

from django.db.models import Avg, Sum

from programs.choices import IMPACT_LEVELS, Direction, ReportKind
from programs.models import Indicator, Report, ReportValue
from programs.reports.achievement import Way, achievement

YEARS_BACK = 3
Curves = dict[int, tuple[int, dict[int, float]]]  # by programme or indicator: (year, month or quarter → per cent)


def spending_curves(years: list[int]) -> Curves:
    """By programme: (year, month → per cent of the budget spent), from delivered monthly reports. One query."""
    sums = (
        Report.objects.delivered()
        .filter(
            kind=ReportKind.MONTH,
            program__fiscal_year__in=years,
            program__state="registered",
            program__budget_rupiah__gt=0,
            progress__financial_rupiah__isnull=False,
        )
        .order_by()
        .values_list("program", "program__fiscal_year", "program__budget_rupiah", "period")
        .annotate(spent=Sum("progress__financial_rupiah"))
    )
    curves: Curves = {}
    for program, year, budget, period, spent in sums:
        curves.setdefault(program, (year, {}))[1][period.number] = float(spent) * 100 / float(budget)
    return curves


def achievement_curves(years: list[int]) -> Curves:
    """By outcome indicator: (year, quarter → achievement of the year's target in per cent). Two queries."""
    means = (
        ReportValue.objects.delivered()
        .filter(
            indicator__program__fiscal_year__in=years,
            indicator__level__in=IMPACT_LEVELS,
            category="",
            value__isnull=False,
            report__kind=ReportKind.QUARTER,
        )
        .exclude(indicator__direction=Direction.BAND)
        .order_by()
        .values_list("indicator", "report__period")
        .annotate(mean=Avg("value"))
    )
    rows = list(means)
    indicators = {
        row.pk: row
        for row in Indicator.objects.filter(pk__in={indicator for indicator, _period, _mean in rows}).select_related(
            "program"
        )
    }
    curves: Curves = {}
    for key, period, mean in rows:
        indicator = indicators[key]
        percent = achievement(mean, indicator.target, Way(indicator.direction)).percent
        if percent is not None:
            curves.setdefault(key, (indicator.program.fiscal_year, {}))[1][period.number] = float(percent)
    return curves


def ends(curves: Curves, end: int) -> dict[int, float]:
    """The last figure of the curves that reach it."""
    return {key: curve[end] for key, (_of, curve) in curves.items() if end in curve}
