"""OPD: the list, one with what became of it, and renaming, merging or splitting it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.agencies import presenters
from accounts.agencies import services as agency_services
from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.filters import AgencyListFilter
from accounts.agencies.forms import FORMS, AgencyChangeForm
from accounts.agencies.permissions import may_change
from accounts.agencies.tables import AgencyTable
from accounts.middleware import SignedInRequest
from accounts.models import Agency
from accounts.reauthentication import fresh
from core.access import Scope, access, roles, signed_in
from core.choices import Role
from core.tables import list_response

READERS = signed_in(Scope.REFERENCE)


@access(READERS)
def agency_list(request: SignedInRequest) -> HttpResponseBase:
    found = AgencyListFilter(request.GET, queryset=Agency.objects.with_former().select_related("continued_by"))
    table = AgencyTable(found.qs, request=request)
    for name in presenters.columns_without_anything(found.qs):
        table.columns.hide(name)  # it stands in the files all the same
    context = {"filter": found, "may_change": may_change(request.user)}
    return list_response(request, "accounts/agencies/agencies.html", table, context, name="opd")


@access(READERS)
def agency(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Agency.objects.with_former().select_related("continued_by"), pk=pk)
    offered = [("rename", _("Rename")), ("merge", _("Merge into another")), ("split", _("Split up"))]
    kinds = offered if row.closed_on is None and may_change(request.user) else []
    return render(request, "accounts/agencies/agency.html", presenters.agency_page(row) | {"kinds": kinds})


@access(roles(Role.DATA_STEWARD, scope=Scope.REFERENCE))
@fresh
def change_agency(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """First what would go where, then, from that page, the change itself."""
    row = get_object_or_404(Agency.objects.with_former(), pk=pk)
    if kind not in FORMS:
        raise Http404
    if row.closed_on is not None and request.method != "POST":
        return redirect(row)  # its page says when it ended and what goes on
    initial = {"code": row.code, "name": row.name, "short_name": row.short_name} if kind == "rename" else {}
    form = FORMS[kind](request.POST or None, agency=row, initial=initial)
    context: dict[str, Any] = {"agency": row, "form": form, "kind": AgencyChangeKind(kind)}
    if request.method == "POST" and form.is_valid():
        plan = form.plan(presenters.chosen_in(request.POST, form.plan()))
        if request.POST.get("act") == "carry_out" and request.POST.get("seen") == presenters.digest(plan):
            if change := _carry_out(request, form, plan):
                return redirect(change.agency)
        else:
            context |= {"preview": presenters.preview(plan)}
    status = 422 if form.errors else 200
    return render(request, "accounts/agencies/change.html", context, status=status)


def _carry_out(request: SignedInRequest, form: AgencyChangeForm, plan: agency_services.Plan) -> Any:
    try:
        change = agency_services.carry_out(plan, by=request.user)
    except ValidationError as error:
        form.refuse(error)
        return None
    messages.success(request, _("The change is recorded; what is open has gone over."))
    return change
