"""What it would take for a service in a region, where the year will end, and plans that were kept."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Sum
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest
from core import audit
from core.access import access
from core.htmx import render_partial
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period, PeriodKind
from core.request_values import plain_text, whole_number
from dashboards.spm.charts import forecast_chart
from programs.models import Program
from programs.validation.rows import spent_of_programs
from spm.gaps import carried, what_if
from spm.index import ZeroNeed, as_decimal, category
from spm.index_explanation import bands_of, explained
from spm.models import Achievement, GapPlan, IndexValue, ServiceKind
from spm.target_forecast import year_end_index
from spm.views import READERS

LEAST_NOTE = 5


@access(READERS)
def gap(request: SignedInRequest, pk: int, region: str, period: str) -> HttpResponse:
    """Sliders for recipients and quality elements; saving keeps the what-if as a plan."""
    try:
        month = Period.parse(period)
    except ValueError as error:
        raise Http404 from error
    if month.kind is not PeriodKind.MONTH:
        raise Http404
    service = get_object_or_404(ServiceKind.objects.select_related("domain"), pk=pk)
    place = get_object_or_404(Region.objects.province_and_regencies(), kemendagri_code=region)
    steps = explained(service, place, month)
    programs = list(Program.objects.registered().of_year(month.year).filter(service=service).select_related("agency"))
    money = spent_of_programs([program.pk for program in programs], month, delivered=True)
    spent = {pk: pair[0] for pk, pair in money.items()}
    unit_cost = _unit_cost(service, sum(spent.values(), Decimal(0)), month)
    if steps is None:
        return render(
            request, "dashboards/spm/spm_gap.html", {"service": service, "region": place, "month": month, "steps": None}
        )
    data = request.POST if request.method == "POST" else request.GET
    result = what_if(steps, ZeroNeed(service.zero_need), _number(data, "tambah"), _elements(data, steps), unit_cost)
    if request.method == "POST":
        return _keep(request, service, place, month, steps, result)
    indices = {
        row.period.number: float(row.index)
        for row in IndexValue.objects.filter(
            level="service", service=service, region=place, period__contained_by=Period(month.year)
        )
        if row.index is not None and row.period.number <= month.number
    }
    ahead = year_end_index(indices)
    bands = bands_of(steps.version)
    context: dict[str, Any] = {
        "service": service,
        "region": place,
        "month": month,
        "steps": steps,
        "result": result,
        "after": as_decimal(result.after.index),
        "after_band": category(result.after.index, bands),
        "unit_cost": unit_cost,
        "carriers": list(
            zip(
                programs,
                carried(
                    result.cost or Decimal(0),
                    [(program.budget_rupiah, spent.get(program.pk, Decimal(0))) for program in programs],
                ),
                strict=True,
            )
        ),
        "forecast": ahead,
        "will_miss": ahead is not None and ahead.misses(float(service.target)),
        "forecast_band": category(Decimal(str(round(ahead.value, 6))), bands) if ahead else None,
        "chart": forecast_chart(indices, ahead),
        "plans": GapPlan.objects.visible_to(request.user)
        .filter(service=service, region=place)
        .select_related("made_by")[:10],
    }
    return render_partial(request, "dashboards/spm/spm_gap.html", "result", context)


def _number(data: QueryDict, name: str) -> int:
    return whole_number(data.get(name)) or 0


def _elements(data: QueryDict, steps: Any) -> dict[int, int]:
    return {step.element.pk: _number(data, f"unsur-{step.element.pk}") for step in steps.elements}


def _unit_cost(service: ServiceKind, spent: Decimal, month: Period) -> Decimal | None:
    """Money spent by the programmes of the service ÷ people served in the province, in Rp; None without either."""
    served = (
        Achievement.objects.filter(service=service, period=month)
        .exclude(region__kemendagri_code=PROVINCE_KEMENDAGRI_CODE)
        .aggregate(served=Sum("served"))["served"]
    )
    return spent / served if spent and served else None


def _keep(
    request: SignedInRequest, service: ServiceKind, place: Region, month: Period, steps: Any, result: Any
) -> HttpResponse:
    note = plain_text(request.POST.get("note"), limit=500)
    before, after = as_decimal(steps.result.index), as_decimal(result.after.index)
    if len(note) < LEAST_NOTE:
        messages.error(request, _("Say in a few words who does what until when: the plan is kept with it."))
    elif before is None or after is None:
        messages.error(request, _("The service leaves the mean: there is nothing to plan."))
    else:
        with transaction.atomic():
            plan = GapPlan.objects.create(
                service=service,
                region=place,
                period=month,
                added_recipients=result.added,
                added_elements={str(gap.step.element.pk): gap.added for gap in result.elements if gap.added},
                index_before=before,
                index_after=after,
                cost_rupiah=result.cost,
                note=note,
                made_by=request.user,
            )
            audit.record("spm.plan_kept", plan, by=request.user)
        messages.success(request, _("The plan is kept."))
    return redirect("spm-gap", service.pk, place.kemendagri_code, str(month))
