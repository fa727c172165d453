"""Declaring interests, deciding on declarations, and looking behind a mask."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from accounts.reauthentication import fresh
from core import audit
from core.access import Scope, access, roles
from core.choices import AGENCY_ROLES, Role
from core.form_keys import shows_secret
from core.form_pages import form_on
from core.permissions import insist
from core.request_values import query_in
from core.tables import list_response
from procurement.declarations import permissions, presenters
from procurement.declarations import register as declaration_register
from procurement.declarations import services as declaration_services
from procurement.declarations.filters import RegisterFilter
from procurement.declarations.forms import DecisionForm, DeclarationSheet, ProfileForm, ReasonForm
from procurement.declarations.tables import DeclarationTable, RegisterTable
from procurement.models import DECIDE_DECLARATION, Declaration, Interest, Officer

DECLARERS = roles(*AGENCY_ROLES, scope=Scope.OWN)
READERS = roles(*AGENCY_ROLES, Role.AUDITOR, Role.GOVERNORS_OFFICE, scope=Scope.OWN_AGENCY)
REGISTER = roles(Role.AGENCY_HEAD, Role.AUDITOR, scope=Scope.OWN_AGENCY)
PAGE = "procurement/declarations/declaration.html"


@access(READERS)
def declarations(request: SignedInRequest) -> HttpResponseBase:
    """What I still have to declare, what waits for my decision, and what I may read."""
    workspace = request.workspace
    table = DeclarationTable(presenters.readable(request.user, workspace.fiscal_year), request=request)
    context = presenters.overview(request.user, workspace)
    return list_response(request, "procurement/declarations/declarations.html", table, context, name="pernyataan")


@access(DECLARERS)
def declare(request: SignedInRequest, pk: int) -> HttpResponse:
    """The official's own declaration; a correction starts from what was said last."""
    officer = get_object_or_404(
        Officer.objects.active().filter(user=request.user).select_related("package__agency"), pk=pk
    )

    def save(interests: list[Interest], signed_by: str) -> HttpResponse:
        declaration_services.declare(officer=officer, by=request.user, interests=interests, signed_by=signed_by)
        return redirect(officer.package)

    context = {
        "officer": officer,
        "package": officer.package,
        "agency": officer.package.agency,
        "last": officer.declarations.current().first(),
        "cancel_url": officer.package.get_absolute_url(),
    }
    return _declare(request, save, context)


@access(DECLARERS)
def declare_for_year(request: SignedInRequest) -> HttpResponse:
    """The general declaration for the fiscal year, as a member of the OPD at the top of the page."""
    workspace = request.workspace
    if workspace.agency is None:
        messages.error(request, _("Choose an OPD at the top of the page."))
        return redirect("procurement:declarations")
    agency, year = workspace.agency, workspace.fiscal_year

    def save(interests: list[Interest], signed_by: str) -> HttpResponse:
        declaration_services.declare_for_year(
            agency=agency, fiscal_year=year, by=request.user, interests=interests, signed_by=signed_by
        )
        return redirect("procurement:declarations")

    context = {
        "agency": agency,
        "fiscal_year": year,
        "last": presenters.yearly_of(request.user, agency, year),
        "cancel_url": reverse("procurement:declarations"),
    }
    return _declare(request, save, context)


def _declare(
    request: SignedInRequest, save: Callable[[list[Interest], str], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """The form of both kinds; "one more" keeps everything but the signature."""
    sheet = DeclarationSheet(request, yearly="officer" not in context)
    if sheet.is_sent and sheet.is_valid():
        answer = save(sheet.interests(), sheet.form.cleaned_data["signature"])
        messages.success(request, _("Your declaration is saved and your superior has been told."))
        return answer
    context = context | {"form": sheet.form, "formset": sheet.formset}
    return render(request, "procurement/declarations/declare.html", context, status=422 if sheet.is_sent else 200)


@access(READERS)
def declaration(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _declaration(request, pk)
    if row.declarer_id != request.user.pk:
        audit.note_read(request, "declaration.read", row)
    return render(request, PAGE, presenters.declaration_page(request.user, row))


def _declaration(request: SignedInRequest, pk: int) -> Declaration:
    rows = Declaration.objects.visible_to(request.user)
    found: Declaration = get_object_or_404(
        rows.select_related("declarer", "officer__package__agency", "decision__decided_by", "decision__acting_for"),
        pk=pk,
    )
    return found


@require_POST
@access(roles(*DECIDE_DECLARATION.ladder, scope=Scope.OWN_AGENCY))
@fresh
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _declaration(request, pk)
    insist(permissions.check_may_decide, request.user, row)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            declaration_services.decide_declaration(
                pk=row.pk, by=request.user, kind=form.cleaned_data["kind"], reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("Your decision is saved and the official has been told."))
            return redirect(row)
    page = presenters.declaration_page(request.user, _declaration(request, pk), decision_form=form)
    return render(request, PAGE, page)


def _interest(request: SignedInRequest, pk: int) -> Interest:
    visible = Interest.objects.filter(declaration__in=Declaration.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("declaration"), pk=pk)


@require_POST
@form_on(lambda request, pk: _interest(request, pk).declaration)
@access(roles(Role.AGENCY_HEAD, Role.AUDITOR, scope=Scope.OWN_AGENCY))
@fresh
def unmask(request: SignedInRequest, pk: int) -> HttpResponse:
    """The identity number behind the mask, once, for a reason that stays in the trail."""
    interest = _interest(request, pk)
    row = _declaration(request, interest.declaration_id)
    permissions.check_may_unmask(request.user, interest.declaration)
    form, shown = ReasonForm(request.POST), {}
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        number = declaration_services.unmask_identity(interest=interest, by=request.user, reason=reason)
        shown = {interest.pk: number}
    page = presenters.declaration_page(request.user, row, unmasked=shown, reason_form=form)
    response = render(request, PAGE, page)
    response["Cache-Control"] = "no-store"
    return shows_secret(response) if shown else response


@access(DECLARERS)
def particulars(request: SignedInRequest) -> HttpResponse:
    """My NIK, telephone, address and account: encrypted, compared by machine, seen by nobody in the clear."""
    form = ProfileForm(request.POST or None, held=presenters.particulars_held(request.user))
    if request.method == "POST" and form.is_valid():
        declaration_services.save_profile(user=request.user, values=form.values(), forget=form.cleaned_data["forget"])
        messages.success(request, _("Your particulars are saved."))
        return redirect("procurement:particulars")
    status = 422 if form.errors else 200
    return render(request, "procurement/declarations/particulars.html", {"form": form}, status=status)


def _register(request: SignedInRequest, data: QueryDict) -> RegisterFilter:
    rows = Declaration.objects.visible_to(request.user).filter(fiscal_year=request.workspace.fiscal_year)
    if not request.user.has_role(Role.AUDITOR):
        rows = rows.filter(agency_id__in=request.user.headed_agency_ids)
    rows = rows.select_related("declarer", "agency", "officer__package", "decision__decided_by", "decision__acting_for")
    return RegisterFilter(data, queryset=rows.prefetch_related("interests").order_by("-declared_at", "-pk"))


@access(REGISTER)
def register(request: SignedInRequest) -> HttpResponseBase:
    """Every declaration of the year with its decision, and who has not declared for the year."""
    found = _register(request, request.GET)
    context = {"filter": found} | presenters.without_yearly(request.user, request.workspace.fiscal_year)
    table = RegisterTable(found.qs, request=request)
    return list_response(request, "procurement/declarations/register.html", table, context, name="register")


@require_POST
@access(REGISTER)
def export_register(request: SignedInRequest) -> HttpResponseBase:
    """The register as a workbook. A POST: the export is written into the trail with the file's SHA-256."""
    found = _register(request, query_in(request.POST.get("filters")))
    return declaration_register.workbook(found, by=request.user, fiscal_year=request.workspace.fiscal_year)
