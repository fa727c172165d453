"""A person's first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.drafts.models import Draft
from accounts.middleware import SignedInRequest
from core.access import Scope, access, signed_in
from dashboards.home.todo import worklist
from dashboards.readers import AGENCY_PAGE_READERS, OVERVIEW_READERS


@require_safe
@access(signed_in(Scope.OWN))
def home(request: SignedInRequest) -> HttpResponse:
    """What is due, returned, missing."""
    groups = worklist(request.user, request.workspace.fiscal_year, timezone.localdate())
    agency = request.workspace.agency
    context = {
        "groups": groups,
        "drafts": list(Draft.objects.visible_to(request.user).defer("content")),
        "sees_overview": OVERVIEW_READERS.admits(request.user),
        "own_page": agency if agency is not None and AGENCY_PAGE_READERS.admits(request.user) else None,
        "may_add": agency is not None and request.user.operates(agency.pk),
    }
    return render(request, "dashboards/home/home.html", context)
