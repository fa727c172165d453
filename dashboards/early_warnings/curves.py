"""How spending and achievement went month by month and quarter by quarter: what forecasts learn from and are proved
by."""

from django.db.models import Sum

from programs.choices import Direction, ReportKind
from programs.models import Indicator, Program, Report
from programs.models.measured import measured
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
    """By outcome indicator: (year, quarter → achievement of the year's target in per cent). Three queries."""
    programs = Program.objects.filter(fiscal_year__in=years).values_list("pk", flat=True)
    rows = measured(programs)
    indicators = {
        row.pk: row
        for row in Indicator.objects.filter(pk__in={row.indicator_id for row in rows})
        .exclude(direction=Direction.BAND)
        .select_related("program")
    }
    curves: Curves = {}
    for row in rows:
        indicator = indicators.get(row.indicator_id)
        if indicator is None or not row.is_new:
            continue
        way, baseline = Way(indicator.direction), indicator.baseline
        percent = achievement(row.value, indicator.target, way, baseline=baseline).percent
        if percent is not None:
            curves.setdefault(indicator.pk, (indicator.program.fiscal_year, {}))[1][row.quarter] = float(percent)
    return curves


def ends(curves: Curves, end: int) -> dict[int, float]:
    """The last figure of the curves that reach it."""
    return {key: curve[end] for key, (_of, curve) in curves.items() if end in curve}
