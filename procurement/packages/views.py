"""Packages and the people on them."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.audit import history_of
from core.choices import Role
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from core.request_values import whole_number
from core.versioning import Conflict, differences, show_at
from procurement.choices import STEPS_WITH_REASON, PackageState
from procurement.declarations.forms import ReplaceForm
from procurement.declarations.gate import OfficerStatus, gate_of
from procurement.models import PACKAGE_READERS, Declaration, Flag, MethodThreshold, Officer, Package
from procurement.packages import services as package_services
from procurement.packages.filters import PackageFilter
from procurement.packages.forms import MethodCheckForm, OfficerForm, OverrideForm, PackageForm
from procurement.red_flags.rules import RULES

READERS = roles(Role.OPERATOR, Role.AGENCY_HEAD, *PACKAGE_READERS, scope=Scope.PROVINCE)
WRITERS = roles(Role.OPERATOR, scope=Scope.OWN_AGENCY)


@access(READERS)
def packages(request: SignedInRequest) -> HttpResponse:
    rows = Package.objects.visible_to(request.user).of_year(request.workspace.fiscal_year).order_by("rup_code")
    found = PackageFilter(request.GET, queryset=rows)
    context = {
        "filter": found,
        "page": page_of(request, found.qs, fill=lambda some: some.select_related("agency")),
        "kept_filters": kept_filters(request),
        "may_add": request.workspace.agency is not None and request.user.operates(request.workspace.agency.pk),
    }
    return render_partial(request, "procurement/packages/packages.html", "results", context)


def _package(request: SignedInRequest, pk: int) -> Package:
    rows = Package.objects.visible_to(request.user).select_related("agency", "program", "sub_activity", "created_by")
    return get_object_or_404(rows, pk=pk)


@access(READERS)
def package(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "procurement/packages/package.html", _page(request, _package(request, pk)))


def _page(request: SignedInRequest, row: Package, **more: Any) -> dict[str, Any]:
    may_edit = request.user.operates(row.agency_id)
    gate = gate_of(row)
    people = gate.statuses
    if may_edit and row.state in {PackageState.PLANNED, PackageState.ANNOUNCED}:
        people = [_with_replacement(row, person) for person in people]
    readable = set(
        Declaration.objects.visible_to(request.user).filter(officer__package=row).values_list("pk", flat=True)
    )
    context: dict[str, Any] = {
        "package": row,
        "statuses": people,
        "obstacles": gate.obstacles if row.state == PackageState.PLANNED else [],
        "readable_declarations": readable,
        "steps": row.steps.select_related("by"),
        "history": history_of(row),
        "may_edit": may_edit,
        "next_states": row.next_states if may_edit else [],
        "states_with_reason": STEPS_WITH_REASON,
        "officer_form": OfficerForm(agency=row.agency) if may_edit and row.is_editable else None,
        "problems": [],
        "offers": row.offers.select_related("supplier"),
        "awards": row.awards.filter(cancelled_at__isnull=True).select_related("supplier"),
        "contracts": row.contracts.current().select_related("supplier").prefetch_related("addenda", "payments"),
        "flags": [(flag, RULES[flag.code]) for flag in _flags(request, row)],
        "overrides": row.overrides.select_related("by"),
        "method_problem": MethodThreshold.objects.problem_of(row),
        "override_form": OverrideForm()
        if request.user.heads(row.agency_id) and gate.obstacles and row.next_gates
        else None,
        "may_see_connections": request.user.has_role(Role.AUDITOR),
    }
    return context | more


def _with_replacement(row: Package, person: OfficerStatus) -> OfficerStatus:
    if not person.is_recused:
        return person
    return dataclasses.replace(person, replace_form=ReplaceForm(agency=row.agency, without=person.officer.user))


def _flags(request: SignedInRequest, row: Package) -> "list[Flag]":
    visible = Flag.objects.visible_to(request.user).raised()
    return [flag for flag in visible.filter(package=row).order_by("code") if flag.code in RULES]


@access(WRITERS)
def new_package(request: SignedInRequest) -> HttpResponse:
    workspace = request.workspace
    if workspace.agency is None or not request.user.operates(workspace.agency.pk):
        messages.error(request, _("Choose an OPD of which you are an operator, at the top of the page."))
        return redirect("procurement:packages")
    blank = Package(agency=workspace.agency, fiscal_year=workspace.fiscal_year, created_by=request.user)
    form = PackageForm(request.POST or None, agency=workspace.agency, fiscal_year=workspace.fiscal_year, instance=blank)
    if request.method == "POST" and form.is_valid():
        row = package_services.create_package(
            agency=workspace.agency, fiscal_year=workspace.fiscal_year, by=request.user, values=form.values()
        )
        messages.success(
            request, _("The package is saved. Now assign the PPK, who has to declare before the announcement.")
        )
        return redirect(row)
    return render(
        request, "procurement/packages/package_form.html", {"form": form, "fiscal_year": workspace.fiscal_year}
    )


@access(WRITERS)
def check_method(request: SignedInRequest) -> HttpResponse:
    """Whether the method fits the value, said while the package is being typed."""
    blank = (
        Package(agency=request.workspace.agency, fiscal_year=request.workspace.fiscal_year)
        if request.workspace.agency
        else Package()
    )
    problem = ""
    typed = MethodCheckForm(request.GET)
    if typed.is_valid():
        for name, value in typed.cleaned_data.items():
            setattr(blank, name, value)
        problem = MethodThreshold.objects.problem_of(blank)
    return render(request, "procurement/packages/method_check.html", {"problem": problem})


@access(WRITERS)
def edit_package(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Package.objects.editable_by(request.user).select_related("agency"), pk=pk)
    if not row.is_editable:
        messages.error(
            request, _("This package is %(state)s and can no longer be changed.") % {"state": row.get_state_display()}
        )
        return redirect(row)
    form = PackageForm(request.POST or None, agency=row.agency, fiscal_year=row.fiscal_year, instance=row)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            package_services.update_package(
                pk=pk, version=form.cleaned_data["version"] or 0, by=request.user, values=form.values()
            )
        except Conflict as error:
            conflict = differences(form, error.current)
            show_at(form, error.current.version)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The package is saved."))
            return redirect("procurement:package", pk)
    context = {"form": form, "package": row, "conflict": conflict, "fiscal_year": row.fiscal_year}
    return render(
        request, "procurement/packages/package_form.html", context, status=409 if conflict is not None else 200
    )


@require_POST
@access(WRITERS)
def assign_officer(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Package.objects.editable_by(request.user).select_related("agency", "program", "created_by"), pk=pk
    )
    form = OfficerForm(request.POST, agency=row.agency)
    if form.is_valid():
        try:
            package_services.assign_officer(
                package=row, user=form.cleaned_data["user"], role=form.cleaned_data["role"], by=request.user
            )
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("The person is assigned and has been told to declare."))
            return redirect(row)
    return render(request, "procurement/packages/package.html", _page(request, row, officer_form=form))


@require_POST
@access(WRITERS)
def remove_officer(request: SignedInRequest, pk: int) -> HttpResponse:
    officers = Officer.objects.active().filter(package__in=Package.objects.editable_by(request.user))
    officer = get_object_or_404(officers.select_related("package"), pk=pk)
    try:
        package_services.remove_officer(package=officer.package, officer=officer, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The person is no longer on the package."))
    return redirect(officer.package)


@require_POST
@access(WRITERS)
def move_package(request: SignedInRequest, pk: int) -> HttpResponse:
    """One step of the package's way; what stands in the way is listed, with the comment kept."""
    row = get_object_or_404(
        Package.objects.editable_by(request.user).select_related("agency", "program", "created_by"), pk=pk
    )
    target, version = request.POST.get("state", ""), whole_number(request.POST.get("version"))
    comment = request.POST.get("comment", "")[:2000]
    if target not in PackageState.values or version is None:
        raise Http404
    try:
        package_services.move_package(
            pk=pk, version=version, by=request.user, state=PackageState(target), comment=comment
        )
    except Conflict:
        problems = [_("Somebody changed this package in the meantime. Read it again, then decide.")]
        row.refresh_from_db()
        return render(
            request,
            "procurement/packages/package.html",
            _page(request, row, problems=problems, comment=comment),
            status=409,
        )
    except ValidationError as error:
        context = _page(request, row, problems=error.messages, comment=comment)
        return render(request, "procurement/packages/package.html", context, status=422)
    messages.success(request, _("The package is now %(state)s.") % {"state": PackageState(target).label})
    return redirect(row)


@require_POST
@access(roles(Role.AGENCY_HEAD, scope=Scope.OWN_AGENCY))
def override_gate(request: SignedInRequest, pk: int) -> HttpResponse:
    """The head of the OPD lets the package pass its next gate, with a reason."""
    row = get_object_or_404(
        Package.objects.filter(agency_id__in=request.user.headed_agency_ids).select_related(
            "agency", "program", "created_by"
        ),
        pk=pk,
    )
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            package_services.override_gate(package=row, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("The package may pass; your reason stands in every audit export."))
            return redirect(row)
    return render(request, "procurement/packages/package.html", _page(request, row, override_form=form), status=422)
