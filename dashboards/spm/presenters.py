"""What the page of a gap shows: a what-if of a service in a region, its cost, the forecast and the plans that were
made."""

from decimal import Decimal
from typing import Any

from accounts.models import User
from core.forecasting import Forecast
from core.periods import Period
from dashboards.spm.charts import forecast_chart
from dashboards.spm.what_if import ServiceGap
from programs.models import Program
from spm.gaps import carried
from spm.index import Band, as_decimal, category
from spm.index_explanation import bands_of
from spm.models import GapPlan, IndexValue
from spm.target_forecast import finished_years, year_end_index

PLANS_SHOWN = 10


def gap_page(user: User, gap: ServiceGap) -> dict[str, Any]:
    bands, indices = bands_of(gap.steps.version), _indices(gap)
    learned = finished_years(gap.month.year, service=gap.service)
    ahead = year_end_index(indices, learned)
    plans = GapPlan.objects.visible_to(user).filter(service=gap.service, region=gap.region)
    return {
        "service": gap.service,
        "region": gap.region,
        "month": gap.month,
        "steps": gap.steps,
        "result": gap.result,
        "after": as_decimal(gap.result.after.index),
        "after_band": category(gap.result.after.index, bands),
        "unit_cost": gap.unit_cost,
        "carriers": _carriers(gap),
        "forecast": ahead,
        "will_miss": ahead is not None and ahead.misses(float(gap.service.target)),
        "forecast_band": _band(ahead, bands),
        "chart": forecast_chart(indices, ahead),
        "plans": plans.select_related("made_by")[:PLANS_SHOWN],
    }


def _indices(gap: ServiceGap) -> dict[int, float]:
    """By month of the year, up to the month shown."""
    rows = IndexValue.objects.filter(
        level="service", service=gap.service, region=gap.region, period__contained_by=Period(gap.month.year)
    )
    return {
        row.period.number: float(row.index)
        for row in rows
        if row.index is not None and row.period.number <= gap.month.number
    }


def _carriers(gap: ServiceGap) -> list[tuple[Program, Any]]:
    """The programmes of the service, and what of the cost each could carry."""
    budgets = [(program.budget_rupiah, gap.spent.get(program.pk, Decimal(0))) for program in gap.programs]
    return list(zip(gap.programs, carried(gap.result.cost or Decimal(0), budgets), strict=True))


def _band(ahead: Forecast | None, bands: list[Band]) -> Band | None:
    return category(Decimal(str(round(ahead.value, 6))), bands) if ahead else None
