"""A person's first page."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.drafts.models import Draft
from accounts.middleware import SignedInRequest
from accounts.models import Agency, User
from core.access import Scope, access, signed_in
from core.choices import Role
from dashboards.home import administrator, auditor, governor, steward, verifier
from dashboards.home import agency as of_agency
from dashboards.home.blocks import HomeBlock
from dashboards.home.todo import worklist
from dashboards.readers import AGENCY_PAGE_READERS, OFFICE, OVERVIEW_READERS
from spm.models import ServiceKind
from spm.views import months_of

# What a role looks at beside its tasks, the first of several roles first.
BLOCKS = {
    Role.AUDITOR: auditor.blocks,
    Role.VERIFIER: verifier.blocks,
    Role.DATA_STEWARD: steward.blocks,
    Role.ADMINISTRATOR: administrator.blocks,
}
MONTHS_KEPT = 2  # of SPM, on a device: the one that is running, and the one that is over


@require_safe
@access(signed_in(Scope.OWN))
def home(request: SignedInRequest) -> HttpResponse:
    """What is due, returned, missing; to the governor's office, what needs it and how the province stands."""
    if OFFICE.admits(request.user):
        return _governors_home(request)
    today, year = timezone.localdate(), request.workspace.fiscal_year
    groups = worklist(request.user, year, today)
    agency = request.workspace.agency
    context = {
        "groups": groups,
        "blocks": _blocks(request.user, year, today, agency),
        "drafts": list(Draft.objects.visible_to(request.user).defer("content")),
        "sees_overview": OVERVIEW_READERS.admits(request.user),
        "own_page": agency if agency is not None and AGENCY_PAGE_READERS.admits(request.user) else None,
        "may_add": agency is not None and request.user.operates(agency.pk),
        "months_of_spm": _months_of_spm(request.user, year),
    }
    return render(request, "dashboards/home/home.html", context)


def _governors_home(request: SignedInRequest) -> HttpResponse:
    year, today = request.workspace.fiscal_year, timezone.localdate()
    context = governor.governors_page(request.user, year, today) | {
        "groups": worklist(request.user, year, today),
        "drafts": list(Draft.objects.visible_to(request.user).defer("content")),
    }
    return render(request, "dashboards/home/governor.html", context)


def _blocks(user: User, year: int, today: dt.date, workplace: Agency | None) -> list[HomeBlock]:
    found: list[HomeBlock] = []
    if user.agency_ids:
        own = workplace if workplace is not None and workplace.pk in user.agency_ids else None
        found += of_agency.blocks(user, year, today, own)
    for role, blocks_of in BLOCKS.items():
        if user.has_role(role):
            found += blocks_of(user, year, today)
    return found


def _months_of_spm(user: User, year: int) -> list[str]:
    """Where the operator enters SPM these days. It has no day of its own, so no task leads a device there that keeps
    what is due."""
    if not user.operated_agency_ids:
        return []
    services = ServiceKind.objects.of_year(year).of_agencies(user.operated_agency_ids).values_list("pk", flat=True)
    return [
        reverse("spm:entry", args=[service, month]) for month in months_of(year)[:MONTHS_KEPT] for service in services
    ]
