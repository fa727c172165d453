"""What the page of a gap shows: a what-if of a service in a region, its cost, the forecast and the plans that were
made."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import QueryDict

from accounts.models import User
from core.forecasting import Forecast
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from core.request_values import whole_number
from dashboards.spm.charts import forecast_chart
from programs.models import Program
from programs.validation.rows import spent_of_programs
from spm.gaps import carried, what_if
from spm.index import Band, ZeroNeed, as_decimal, category
from spm.index_explanation import bands_of, explained
from spm.models import Achievement, GapPlan, IndexValue, ServiceKind
from spm.target_forecast import year_end_index

PLANS_SHOWN = 10


@dataclass(frozen=True)
class ServiceGap:
    """`steps` is how the index came about, `result` what it would become; `spent` in Rp by programme."""

    service: ServiceKind
    region: Region
    month: Period
    steps: Any
    result: Any
    unit_cost: Decimal | None
    programs: list[Program]
    spent: dict[int, Decimal]


def service_gap(service: ServiceKind, region: Region, month: Period, data: QueryDict) -> ServiceGap | None:
    """`data` are the sliders. None where nothing was entered."""
    steps = explained(service, region, month)
    if steps is None:
        return None
    programs = list(Program.objects.registered().of_year(month.year).filter(service=service).select_related("agency"))
    money = spent_of_programs([program.pk for program in programs], month, delivered=True)
    spent = {pk: pair[0] for pk, pair in money.items()}
    unit_cost = _unit_cost(service, sum(spent.values(), Decimal(0)), month)
    elements = {step.element.pk: _number(data, f"unsur-{step.element.pk}") for step in steps.elements}
    result = what_if(steps, ZeroNeed(service.zero_need), _number(data, "tambah"), elements, unit_cost)
    return ServiceGap(service, region, month, steps, result, unit_cost, programs, spent)


def gap_page(user: User, gap: ServiceGap) -> dict[str, Any]:
    bands, indices = bands_of(gap.steps.version), _indices(gap)
    ahead = year_end_index(indices)
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


def _number(data: QueryDict, name: str) -> int:
    return whole_number(data.get(name)) or 0


def _unit_cost(service: ServiceKind, spent: Decimal, month: Period) -> Decimal | None:
    """Money spent by the programmes of the service ÷ people served in the province, in Rp; None without either."""
    served = (
        Achievement.objects.filter(service=service, period=month)
        .exclude(region__kemendagri_code=PROVINCE_KEMENDAGRI_CODE)
        .aggregate(served=Sum("served"))["served"]
    )
    return spent / served if spent and served else None


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
