"""What it would take for a service in a region, where the year will end, and plans that were made."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest
from core.access import access
from core.htmx import render_partial
from core.models import Region
from core.periods import Period, PeriodKind
from core.request_values import typed_text
from dashboards.spm.presenters import gap_page
from dashboards.spm.services import make_plan
from dashboards.spm.what_if import ServiceGap, service_gap
from spm.index import as_decimal
from spm.models import ServiceKind
from spm.views import READERS

LEAST_NOTE = 5


@access(READERS)
def gap(request: SignedInRequest, pk: int, region: str, period: str) -> HttpResponse:
    """Sliders for recipients and quality elements; saving keeps the what-if as a plan."""
    month = _month(period)
    service = get_object_or_404(ServiceKind.objects.select_related("domain"), pk=pk)
    place = get_object_or_404(Region.objects.province_and_regencies(), kemendagri_code=region)
    found = service_gap(service, place, month, request.POST if request.method == "POST" else request.GET)
    if found is None:
        nothing = {"service": service, "region": place, "month": month, "steps": None}
        return render(request, "dashboards/spm/spm_gap.html", nothing)
    if request.method == "POST":
        return _make_plan(request, found)
    return render_partial(request, "dashboards/spm/spm_gap.html", "result", gap_page(request.user, found))


def _month(period: str) -> Period:
    try:
        month = Period.parse(period)
    except ValueError as error:
        raise Http404 from error
    if month.kind is not PeriodKind.MONTH:
        raise Http404
    return month


def _make_plan(request: SignedInRequest, found: ServiceGap) -> HttpResponse:
    note = typed_text(request.POST.get("note"), limit=500)
    before, after = as_decimal(found.steps.result.index), as_decimal(found.result.after.index)
    if len(note) < LEAST_NOTE:
        messages.error(request, _("Say in a few words who does what until when: the plan is kept with it."))
    elif before is None or after is None:
        messages.error(request, _("The service leaves the mean: there is nothing to plan."))
    else:
        make_plan(found, before=before, after=after, note=note, by=request.user)
        messages.success(request, _("The plan is kept."))
    return redirect("spm-gap", found.service.pk, found.region.kemendagri_code, str(found.month))
