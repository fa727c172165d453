"""Services and their procedures: the list, one with its flow, entering, proposing, deciding, and the ranking."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.looking import note_look
from accounts.middleware import SignedInRequest
from accounts.reauthentication import fresh
from core.access import Scope, access, roles, signed_in
from core.choices import Role
from core.form_pages import form_on
from core.formset_rows import with_rows_changed
from core.outcomes import tell_refusal, told
from core.permissions import insist
from core.request_values import typed_text, whole_number
from core.tables import list_response
from core.versioning import save_merged
from public_services import ranking, services
from public_services.filters import PublicServiceFilter
from public_services.forms import ProcedureEntry, PublicServiceForm
from public_services.models import ADOPT_PROCEDURE, Procedure, PublicService
from public_services.permissions import check_may_create, check_may_decide, may_create
from public_services.presenters import service_page
from public_services.tables import PublicServiceTable, RankingTable

READERS = signed_in(Scope.REFERENCE)
WRITERS = roles(Role.OPERATOR, scope=Scope.OWN_AGENCY)
DECIDERS = roles(*ADOPT_PROCEDURE.ladder, scope=Scope.REFERENCE)


@access(READERS)
def service_list(request: SignedInRequest) -> HttpResponseBase:
    """All services, those that need simplifying first."""
    rows = PublicService.objects.visible_to(request.user).with_procedure().select_related("agency")
    in_order = rows.order_by("-current_score", "agency__name", "name")  # type: ignore[misc]  # annotated above
    found = PublicServiceFilter(request.GET, queryset=in_order)
    context = {
        "filter": found,
        "may_add": may_create(request.user, request.workspace.agency),
    }
    table = PublicServiceTable(found.qs, request=request)
    return list_response(request, "public_services/services.html", table, context, name="layanan")


@access(READERS)
def rank(request: SignedInRequest) -> HttpResponseBase:
    """OPD by how digital and how short their services are, and what proposals have saved."""
    ranks = ranking.by_agency(PublicService.objects.visible_to(request.user))
    table = RankingTable(ranks, request=request)
    context = {"coverage": ranking.coverage(ranks)}
    return list_response(request, "public_services/ranking.html", table, context, name="peringkat-layanan")


@access(READERS)
def service(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PublicService.objects.visible_to(request.user).select_related("agency"), pk=pk)
    page = service_page(request.user, row)
    for each in page["proposals"]:
        if each["may_decide"]:
            note_look(request, each["proposal"], each["proposal"].updated_at)
    return render(request, "public_services/service.html", page)


@access(WRITERS)
def new_service(request: SignedInRequest) -> HttpResponse:
    try:
        check_may_create(request.user, request.workspace.agency)
    except ValidationError as error:
        tell_refusal(request, error)
        return redirect("public_services:services")
    return _edit(request, PublicService(agency=request.workspace.agency))


@access(WRITERS)
def edit_service(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(
        request, get_object_or_404(PublicService.objects.editable_by(request.user).select_related("agency"), pk=pk)
    )


def _edit(request: SignedInRequest, row: PublicService) -> HttpResponse:
    is_new = row.pk is None
    form = PublicServiceForm(request.POST or None, instance=row)
    conflict = None
    if request.method == "POST" and form.is_valid():
        form, saved, conflict = save_merged(
            form,
            lambda form: services.save_service(
                service=row,
                version=form.cleaned_data["version"] or 0,
                agency=row.agency,
                by=request.user,
                values=form.values(),
            ),
        )
        if saved is not None:
            messages.success(request, _("The service is saved."))
            return redirect("public_services:procedure", saved.pk) if is_new else redirect(saved)
    context = {"form": form, "service": None if is_new else row, "agency": row.agency, "conflict": conflict}
    status = 409 if conflict is not None else 422 if form.errors else 200
    return render(request, "public_services/service_form.html", context, status=status)


@access(WRITERS)
def edit_procedure(request: SignedInRequest, pk: int) -> HttpResponse:
    """The first procedure of a service, or a proposal for a shorter one that starts from what is in force.

    `?usulan=N` changes a proposal; `?koreksi=1` corrects what was entered wrongly of the one in force.
    """
    row = get_object_or_404(PublicService.objects.editable_by(request.user).select_related("agency"), pk=pk)
    current = row.procedures.in_force().prefetch_related("steps__documents").first()
    changed = _changed(request, row, current)
    rows = with_rows_changed(request.POST, "form")
    form = ProcedureEntry(
        rows or request.POST or None,
        source=changed or current,
        reason=_first_reason(request, changed, current),
        act=request.POST.get("act", "") if rows else "",
    )
    problem = ""
    if request.method == "POST" and rows is None and form.is_valid():
        try:
            services.save_procedure(
                service=row, by=request.user, steps=form.steps(), procedure=changed, reason=form.reason_given
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("The procedure is saved."))
            return redirect(row)
    context = {"service": row, "problem": problem, "current": current, **form.context()}
    status = 422 if request.method == "POST" and rows is None else 200
    return render(request, "public_services/procedure_form.html", context, status=status)


def _first_reason(request: SignedInRequest, changed: Procedure | None, current: Procedure | None) -> str | None:
    """What stands in the field for the reason of a proposal at first; a first procedure and a correction give none."""
    if current is None or changed == current:
        return None
    return changed.reason if changed else request.POST.get("reason", "")


def _changed(request: SignedInRequest, row: PublicService, current: Procedure | None) -> Procedure | None:
    number = whole_number(request.GET.get("usulan"), digits=18)
    if number is not None:
        return get_object_or_404(row.procedures.proposed().prefetch_related("steps__documents"), pk=number)
    return current if request.GET.get("koreksi") else None


def _proposal(request: SignedInRequest, pk: int) -> Procedure:
    visible = Procedure.objects.filter(service__in=PublicService.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("service__agency"), pk=pk)


@require_POST
@form_on(lambda request, pk: _proposal(request, pk).service)
@access(DECIDERS)
@fresh
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """The head adopts a proposal, or does not."""
    procedure = _proposal(request, pk)
    insist(check_may_decide, request.user, procedure)
    reason = typed_text(request.POST.get("reason"), limit=500)
    try:
        services.decide_proposal(
            procedure=procedure, by=request.user, adopt=request.POST.get("act") == "adopt", reason=reason
        )
    except ValidationError as error:
        page = service_page(request.user, procedure.service, problem=" ".join(error.messages))
        return render(request, "public_services/service.html", page, status=422)
    messages.success(request, _("Your decision is saved."))
    return redirect(procedure.service)


@require_POST
@access(WRITERS)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The OPD takes a proposal back before anybody who decides has opened it."""
    own = Procedure.objects.filter(service__in=PublicService.objects.editable_by(request.user))
    procedure = get_object_or_404(own.select_related("service"), pk=pk)
    with told(request, _("The proposal is taken back.")):
        services.withdraw_proposal(procedure=procedure, by=request.user)
    return redirect(procedure.service)
