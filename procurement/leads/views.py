"""Leads: who might be connected with whom, the evidence, and what a reviewer found."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.choices import Role
from core.permissions import insist
from core.tables import list_response
from procurement.leads import graph, permissions, presenters
from procurement.leads import services as lead_services
from procurement.leads.filters import LeadFilter
from procurement.leads.forms import ReviewForm
from procurement.leads.tables import LeadTable
from procurement.models import REVIEW_LEAD, Lead, Package

AUDITORS = roles(Role.AUDITOR, scope=Scope.PROVINCE)
REVIEWERS = roles(*REVIEW_LEAD.ladder, scope=Scope.PROVINCE)
ROWS = ("official", "interest__declaration__declarer", "supplier", "other_supplier", "package__agency", "reviewed_by")


@access(REVIEWERS)
def leads(request: SignedInRequest) -> HttpResponseBase:
    rows = Lead.objects.visible_to(request.user).found().select_related(*ROWS)
    found = LeadFilter(request.GET, queryset=rows)
    table = LeadTable(found.qs.order_by("-score", "-pk"), request=request)
    return list_response(request, "procurement/leads/leads.html", table, {"filter": found}, name="petunjuk")


@access(REVIEWERS)
def lead(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Lead.objects.visible_to(request.user).select_related(*ROWS), pk=pk)
    return render(request, "procurement/leads/lead.html", presenters.lead_page(request.user, row))


@require_POST
@access(REVIEWERS)
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Lead.objects.visible_to(request.user).select_related(*ROWS), pk=pk)
    insist(permissions.check_may_review, request.user, row)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            lead_services.review(lead=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("Your finding is saved."))
            return redirect(row)
    return render(request, "procurement/leads/lead.html", presenters.lead_page(request.user, row, form), status=422)


@access(AUDITORS)
def connections(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who is connected to whom around a package: a picture, and the same as a table."""
    package = get_object_or_404(Package.objects.visible_to(request.user).select_related("agency"), pk=pk)
    return render(
        request, "procurement/leads/connections.html", {"package": package, "picture": graph.of_package(package)}
    )
