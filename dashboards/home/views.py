"""A person's first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.drafts.models import Draft
from accounts.middleware import SignedInRequest
from accounts.models import User
from core.access import Scope, access, signed_in
from dashboards.home import governor
from dashboards.home.todo import worklist
from dashboards.readers import AGENCY_PAGE_READERS, OFFICE, OVERVIEW_READERS
from spm.models import ServiceKind
from spm.views import months_of

MONTHS_KEPT = 2  # of SPM, on a device: the one that is running, and the one that is over


@require_safe
@access(signed_in(Scope.OWN))
def home(request: SignedInRequest) -> HttpResponse:
    """What is due, returned, missing; to the governor's office, what needs it and how the province stands."""
    if OFFICE.admits(request.user):
        return _governors_home(request)
    groups = worklist(request.user, request.workspace.fiscal_year, timezone.localdate())
    agency = request.workspace.agency
    context = {
        "groups": groups,
        "drafts": list(Draft.objects.visible_to(request.user).defer("content")),
        "sees_overview": OVERVIEW_READERS.admits(request.user),
        "own_page": agency if agency is not None and AGENCY_PAGE_READERS.admits(request.user) else None,
        "may_add": agency is not None and request.user.operates(agency.pk),
        "months_of_spm": _months_of_spm(request.user, request.workspace.fiscal_year),
    }
    return render(request, "dashboards/home/home.html", context)


def _governors_home(request: SignedInRequest) -> HttpResponse:
    year, today = request.workspace.fiscal_year, timezone.localdate()
    context = governor.governors_page(request.user, year, today) | {
        "groups": worklist(request.user, year, today),
        "drafts": list(Draft.objects.visible_to(request.user).defer("content")),
    }
    return render(request, "dashboards/home/governor.html", context)


def _months_of_spm(user: User, year: int) -> list[str]:
    """Where the operator enters SPM these days. It has no day of its own, so no task leads a device there that keeps
    what is due."""
    if not user.operated_agency_ids:
        return []
    services = ServiceKind.objects.of_year(year).of_agencies(user.operated_agency_ids)
    return [
        reverse("spm:entry", args=[service, month])
        for month in months_of(year)[:MONTHS_KEPT]
        for service in services.values_list("pk", flat=True)
    ]
