"""Suppliers: the list, one with everything around it, entering, and making one of two."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from accounts.reauthentication import fresh
from core.access import Scope, access, roles
from core.choices import AGENCY_ROLES, Role
from core.form_keys import shows_secret
from core.form_pages import form_on
from core.formset_rows import with_rows_changed
from core.request_values import plain_text
from core.tables import list_response
from core.versioning import Conflict, at_version, merge
from procurement.declarations.forms import ReasonForm
from procurement.models import Supplier, SupplierPerson
from procurement.suppliers import permissions, presenters
from procurement.suppliers import services as supplier_services
from procurement.suppliers.filters import SupplierFilter
from procurement.suppliers.forms import MergeForm, SupplierSheet
from procurement.suppliers.tables import SupplierTable

READERS = roles(*AGENCY_ROLES, Role.GOVERNORS_OFFICE, Role.AUDITOR, Role.DATA_STEWARD, scope=Scope.REFERENCE)
WRITERS = roles(Role.OPERATOR, Role.DATA_STEWARD, scope=Scope.REFERENCE)
STEWARDS = roles(Role.DATA_STEWARD, scope=Scope.REFERENCE)
PAGE = "procurement/suppliers/supplier.html"


@access(READERS)
def suppliers(request: SignedInRequest) -> HttpResponseBase:
    rows = presenters.listed(Supplier.objects.visible_to(request.user)).order_by("name", "pk")
    found = SupplierFilter(request.GET, queryset=rows)
    table = SupplierTable(found.qs, request=request)
    context = {"filter": found, "may_add": permissions.may_add(request.user)}
    return list_response(request, "procurement/suppliers/suppliers.html", table, context, name="penyedia")


@access(READERS)
def suggestions(request: SignedInRequest) -> HttpResponse:
    """Names for the field's list, as somebody types."""
    text = plain_text(request.GET.get("supplier") or request.GET.get("into"), limit=100)
    rows = supplier_services.suggested(text) if len(text) > 1 else []
    return render(request, "procurement/suppliers/supplier_options.html", {"suppliers": rows})


@access(READERS)
def supplier(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Supplier.objects.visible_to(request.user).select_related("merged_into"), pk=pk)
    return render(request, PAGE, presenters.supplier_page(request.user, row))


@access(WRITERS)
def new_supplier(request: SignedInRequest) -> HttpResponse:
    return _edit(request, Supplier(name=plain_text(request.GET.get("nama"), limit=200)))


@access(WRITERS)
def edit_supplier(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Supplier.objects.visible_to(request.user).standing(), pk=pk))


def _edit(request: SignedInRequest, row: Supplier) -> HttpResponse:
    """The form with its parts; a row more or fewer of a part keeps what was typed and saves nothing."""
    for prefix in SupplierSheet.PREFIXES:
        if rows := with_rows_changed(request.POST, prefix):
            sheet = SupplierSheet(rows, row)
            sheet.show_unjudged(act=request.POST["act"])
            return _sheet_page(request, row, sheet)
    sheet = SupplierSheet(request.POST or None, row)
    if request.method != "POST":
        return _sheet_page(request, row, sheet)
    return _save_sheet(request, row, sheet) if sheet.is_valid() else _sheet_page(request, row, sheet, status=422)


def _save_sheet(request: SignedInRequest, row: Supplier, sheet: SupplierSheet) -> HttpResponse:
    form = sheet.form
    version = form.cleaned_data["version"] or 0
    try:
        saved = supplier_services.save_supplier(
            supplier=row, version=version, by=request.user, values=form.values(), parts=sheet.changed_parts()
        )
    except Conflict as error:
        current: Any = error.current
        merged = merge(sheet.data, *sheet.pairs(SupplierSheet(None, current)))
        sheet = SupplierSheet(at_version(merged.data, current.version), current)
        if merged.is_clear and sheet.is_valid():
            return _save_sheet(request, current, sheet)
        return _sheet_page(request, current, sheet, conflict=merged.conflict or None, status=409)
    messages.success(request, _("The supplier is saved."))
    return redirect(saved)


def _sheet_page(
    request: SignedInRequest, row: Supplier, sheet: SupplierSheet, *, conflict: object = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": sheet.form,
        "supplier": row if row.pk else None,
        "parts": sheet.parts,
        "conflict": conflict,
        "seen": sheet.seen,
    }
    return render(request, "procurement/suppliers/supplier_form.html", context, status=status)


@require_POST
@access(STEWARDS)
def merge_supplier(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Supplier.objects.visible_to(request.user), pk=pk)
    form = MergeForm(request.POST)
    if form.is_valid():
        try:
            into = supplier_services.found_by(form.cleaned_data["into"])
            into = supplier_services.merge(double=row, into=into, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("into", error)
        else:
            messages.success(request, _("The two are one supplier now; the earlier entry points to this one."))
            return redirect(into)
    return render(request, PAGE, presenters.supplier_page(request.user, row, merge_form=form), status=422)


@require_POST
@form_on(lambda _request, pk: get_object_or_404(SupplierPerson, pk=pk).supplier)
@access(roles(Role.AUDITOR, scope=Scope.REFERENCE))
@fresh
def unmask_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """The identity number of somebody behind a supplier, for a reason that stays in the trail."""
    person = get_object_or_404(SupplierPerson.objects.select_related("supplier"), pk=pk)
    form, shown = ReasonForm(request.POST), {}
    if form.is_valid():
        number = supplier_services.unmask_person(person=person, by=request.user, reason=form.cleaned_data["reason"])
        shown = {person.pk: number}
    page = presenters.supplier_page(request.user, person.supplier, unmasked=shown, reason_form=form)
    response = render(request, PAGE, page, status=200 if shown else 422)
    response["Cache-Control"] = "no-store"
    return shows_secret(response) if shown else response
