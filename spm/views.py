"""Entering SPM month by month, how an index was computed, and the four stages."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles, signed_in
from core.choices import Role
from core.models import Region
from core.outcomes import tell_refusal
from core.periods import Period, PeriodKind
from core.request_values import typed_text
from core.versioning import SEEN, Difference, seen_of
from spm import services as spm_services
from spm.choices import Stage, ZeroNeed
from spm.forms import RowForm, merged_rows, row_forms, typed_rows
from spm.index_explanation import explained
from spm.models import Achievement, ServiceKind, StageItem, StageProgress
from spm.permissions import may_enter

READERS = signed_in(Scope.REFERENCE)
WRITERS = roles(Role.OPERATOR, scope=Scope.OWN_AGENCY)


def _month(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise Http404 from error
    if period.kind is not PeriodKind.MONTH or period.first_day > timezone.localdate():
        raise Http404
    return period


def _service(pk: int, year: int) -> ServiceKind:
    rows = (
        ServiceKind.objects.of_year(year)
        .select_related("domain", "need_series")
        .prefetch_related("elements", "methods", "agencies")
    )
    return get_object_or_404(rows, pk=pk)


def months_of(year: int) -> list[Period]:
    """The months of the year that have begun, the newest first."""
    today = timezone.localdate()
    months = [Period(year, PeriodKind.MONTH, number) for number in range(1, 13)]
    return [month for month in reversed(months) if month.first_day <= today]


@require_safe
@access(WRITERS)
def entry_start(request: SignedInRequest) -> HttpResponse:
    """The services that the operator answers for, with the months that are entered."""
    year = request.workspace.fiscal_year
    services = list(
        ServiceKind.objects.of_year(year).of_agencies(request.user.operated_agency_ids).select_related("domain")
    )
    entered: dict[tuple[int, Period], int] = {}
    rows = Achievement.objects.filter(service__in=services, period__contained_by=Period(year))
    for service, period in rows.values_list("service_id", "period"):
        entered[service, period] = entered.get((service, period), 0) + 1
    months = list(reversed(months_of(year)))
    context = {
        "months": months,
        "rows": [(service, [(month, entered.get((service.pk, month), 0)) for month in months]) for service in services],
        "region_count": Region.objects.regencies().count(),
    }
    return render(request, "spm/entry_start.html", context)


@access(WRITERS)
def entry(request: SignedInRequest, pk: int, period: str) -> HttpResponse:
    """Ten regions of one service and month; nothing is saved while one row is wrong, and nothing typed is lost."""
    month = _month(period)
    service = _service(pk, month.year)
    if not may_enter(request.user, service):
        raise Http404
    data = request.POST if request.method == "POST" else None
    forms, conflict, is_saved = _saved(request, service, month, data)
    if is_saved:
        messages.success(request, _("The month is saved and the index is worked out again."))
        return redirect("spm:entry", service.pk, str(month))
    context: dict[str, Any] = {
        "service": service,
        "month": month,
        "forms": forms,
        "seen": seen_of(*forms) if data is None else forms[0].data.get(SEEN, ""),
        "elements": spm_services.elements_of(service, month),
        "has_proposals": any(form.proposal for form in forms),
        "conflict": conflict,
        "has_errors": data is not None and any(form.errors for form in forms),
    }
    return render(request, "spm/entry.html", context, status=409 if conflict else 200)


def _saved(
    request: SignedInRequest, service: ServiceKind, month: Period, data: Any
) -> tuple[list[RowForm], list[Difference], bool]:
    """The forms as they were sent, where two people changed the same field, and whether the month is saved."""
    forms = row_forms(service, month, data)
    valid = [form.is_valid() for form in forms]  # each of them: all errors at once
    if not all(valid):
        return forms, [], False
    try:
        spm_services.save_month(service=service, month=month, rows=typed_rows(forms), by=request.user)
    except spm_services.Overtaken:
        again, conflict = merged_rows(forms, row_forms(service, month, None), data)
        if not conflict:
            return _saved(request, service, month, again)
        return row_forms(service, month, again), conflict, False
    return forms, [], True


@require_safe
@access(WRITERS)
def entry_before(request: SignedInRequest, pk: int, period: str) -> HttpResponse:
    """`{"cells": {name: text}}`: every field of the month as the newest earlier month of the year holds it."""
    month = _month(period)
    service = _service(pk, month.year)
    if not may_enter(request.user, service):
        raise Http404
    cells = {
        name: text for form in row_forms(service, month, None) for name, text in form.texts_of_last_month().items()
    }
    return JsonResponse({"cells": cells})


@require_safe
@access(READERS)
def computation(request: SignedInRequest, pk: int, region: str, period: str) -> HttpResponse:
    """How the index of a service in a region and month was computed, row by row; prints as an annex."""
    month = _month(period)
    service = _service(pk, month.year)
    place = get_object_or_404(Region.objects.province_and_regencies(), kemendagri_code=region)
    context = {
        "service": service,
        "region": place,
        "month": month,
        "steps": explained(service, place, month),
        "policy": ZeroNeed(service.zero_need).label,
    }
    return render(request, "spm/computation.html", context)


@access(READERS)
def stages(request: SignedInRequest, pk: int) -> HttpResponse:
    """The four stages of applying SPM for a service and year: what is done, what shows it, what is missing."""
    year = request.workspace.fiscal_year
    service = _service(pk, year)
    done = {
        row.item_id: row
        for row in StageProgress.objects.filter(service=service, fiscal_year=year).select_related("done_by")
    }
    items = StageItem.objects.filter(valid_from__lte=Period(year).first_day)
    grouped: dict[int, list[tuple[StageItem, StageProgress | None]]] = {}
    for item in items:
        if item.valid_to is None or item.valid_to >= Period(year).first_day:
            grouped.setdefault(item.stage, []).append((item, done.get(item.pk)))
    context = {
        "service": service,
        "year": year,
        "stages": [(Stage(stage).label, rows) for stage, rows in grouped.items()],
        "missing": sum(1 for rows in grouped.values() for _item, progress in rows if progress is None),
        "may_write": may_enter(request.user, service),
    }
    return render(request, "spm/stages.html", context)


@require_POST
@access(WRITERS)
def mark_stage(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Done, with what shows it; or taken back."""
    year = request.workspace.fiscal_year
    service = _service(pk, year)
    if not may_enter(request.user, service):
        raise Http404
    wanted = get_object_or_404(StageItem, pk=item)
    if request.POST.get("undo"):
        spm_services.take_stage_back(service=service, fiscal_year=year, item=wanted, by=request.user)
        return redirect("spm:stages", service.pk)
    note = typed_text(request.POST.get("note"), limit=500)
    try:
        spm_services.mark_stage(service=service, fiscal_year=year, item=wanted, note=note, by=request.user)
    except ValidationError as error:
        tell_refusal(request, error)
    return redirect("spm:stages", service.pk)
