"""What a service in a region would need, and what the reader tries out of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import QueryDict

from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from core.request_values import whole_number
from programs.models import Program
from programs.validation.rows import spent_of_programs
from spm.gaps import what_if
from spm.index import ZeroNeedPolicy
from spm.index_explanation import explained
from spm.models import Achievement, ServiceKind


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
    result = what_if(steps, ZeroNeedPolicy(service.zero_need), _number(data, "tambah"), elements, unit_cost)
    return ServiceGap(service, region, month, steps, result, unit_cost, programs, spent)


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
