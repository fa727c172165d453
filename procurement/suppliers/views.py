"""Suppliers: the list, one with everything around it, entering, and making one of two."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.audit import history_of
from core.choices import AGENCY_ROLES, Role
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from core.request_values import one_more_form, plain_text
from core.versioning import Conflict, differences, show_at
from procurement.declarations.forms import ReasonForm
from procurement.models import (
    Award,
    Blacklisting,
    Contract,
    Flag,
    Offer,
    Package,
    Supplier,
    SupplierContact,
    SupplierPerson,
)
from procurement.privacy import inventory
from procurement.red_flags.rules import RULES
from procurement.suppliers import services as supplier_services
from procurement.suppliers.filters import SupplierFilter
from procurement.suppliers.forms import (
    BlacklistingFormSet,
    ContactFormSet,
    MergeForm,
    PersonFormSet,
    SupplierForm,
)

READERS = roles(
    *AGENCY_ROLES, Role.GOVERNORS_OFFICE, Role.AUDITOR, Role.DATA_STEWARD, scope=Scope.REFERENCE
)  # fmt: skip
WRITERS = roles(Role.OPERATOR, Role.DATA_STEWARD, scope=Scope.REFERENCE)
STEWARDS = roles(Role.DATA_STEWARD, scope=Scope.REFERENCE)
SHOWN = 30


def _count(model: Any, **conditions: Any) -> Subquery:
    """Counted for the rows of the page only."""
    rows = model.objects.filter(supplier=OuterRef("pk"), **conditions).order_by().values("supplier")
    return Subquery(rows.annotate(number=Count("pk")).values("number"))


def _banned() -> Exists:
    day = timezone.localdate()
    return Exists(Blacklisting.objects.filter(supplier=OuterRef("pk"), from_day__lte=day, until_day__gte=day))


@access(READERS)
def suppliers(request: SignedInRequest) -> HttpResponse:
    rows = (
        Supplier.objects.visible_to(request.user)
        .standing()
        .annotate(offered=_count(Offer), won=_count(Award, cancelled_at__isnull=True), banned=_banned())
        .order_by("name", "pk")
    )
    found = SupplierFilter(request.GET, queryset=rows)
    context = {
        "filter": found,
        "page": page_of(request, found.qs),
        "kept_filters": kept_filters(request),
        "may_add": WRITERS.admits(request.user),
    }
    return render_partial(request, "procurement/suppliers/suppliers.html", "results", context)


@access(READERS)
def suggestions(request: SignedInRequest) -> HttpResponse:
    """Names for the field's list, as somebody types."""
    text = plain_text(request.GET.get("supplier") or request.GET.get("into"), limit=100)
    rows = supplier_services.suggested(text) if len(text) > 1 else []
    return render(request, "procurement/suppliers/supplier_options.html", {"suppliers": rows})


@access(READERS)
def supplier(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Supplier.objects.visible_to(request.user).select_related("merged_into"), pk=pk)
    return render(request, "procurement/suppliers/supplier.html", _page(request, row))


def _page(request: SignedInRequest, row: Supplier, **more: Any) -> dict[str, Any]:
    packages = {"package__in": Package.objects.visible_to(request.user)}
    flags = Flag.objects.visible_to(request.user).raised().filter(supplier=row).order_by("code")
    return {
        "supplier": row,
        "people": row.people.all(),
        "contacts": row.contacts.all(),
        "blacklistings": row.blacklistings.all(),
        "today": timezone.localdate(),
        "offers": Offer.objects.filter(supplier=row, **packages).select_related("package__agency").order_by("-pk")[:SHOWN],
        "awards": set(
            Award.objects.filter(supplier=row, cancelled_at__isnull=True, **packages).values_list("package_id", flat=True)
        ),
        "contracts": Contract.objects.current()
        .filter(Q(supplier=row) | Q(supplier__merged_into=row), **packages)
        .select_related("package__agency")
        .prefetch_related("addenda")
        .order_by("-signed_on", "-pk")[:SHOWN],
        "flags": [flag for flag in flags if flag.code in RULES],
        "doubles": row.merged.all(),
        "history": history_of(row),
        "may_edit": WRITERS.admits(request.user) and row.merged_into_id is None,
        "merge_form": MergeForm() if STEWARDS.admits(request.user) and row.merged_into_id is None else None,
        "may_unmask": request.user.has_role(Role.AUDITOR),
        "reason_form": ReasonForm(),
        "unmasked": {},
    } | more  # fmt: skip


@access(WRITERS)
def new_supplier(request: SignedInRequest) -> HttpResponse:
    return _edit(request, Supplier(name=plain_text(request.GET.get("nama"), limit=200)))


@access(WRITERS)
def edit_supplier(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Supplier.objects.visible_to(request.user).standing(), pk=pk))


def _edit(request: SignedInRequest, row: Supplier) -> HttpResponse:
    data: QueryDict | None = request.POST or None
    act = request.POST.get("act", "")
    if act.startswith("add-"):
        data = one_more_form(request.POST, act.removeprefix("add-"))
    form = SupplierForm(data, instance=row)
    own: dict[str, Any] = {"supplier": row} if row.pk else {"pk__in": []}
    parts: list[Any] = [
        PersonFormSet(data, queryset=SupplierPerson.objects.filter(**own), prefix="people"),
        ContactFormSet(data, queryset=SupplierContact.objects.filter(**own), prefix="contacts"),
        BlacklistingFormSet(data, queryset=Blacklisting.objects.filter(**own), prefix="bans"),
    ]
    conflict = None
    checked = [form.is_valid(), *(part.is_valid() for part in parts)]  # all of them, so that every error is shown
    if data is not None and not act.startswith("add-") and all(checked):
        changed = [part_form.save(commit=False) for part in parts for part_form in part if part_form.has_changed()]
        try:
            saved = supplier_services.save_supplier(
                supplier=row, version=form.cleaned_data["version"] or 0, by=request.user, values=form.values(), parts=changed
            )  # fmt: skip
        except Conflict as error:
            conflict = differences(form, error.current)
            show_at(form, error.current.version)
        else:
            messages.success(request, _("The supplier is saved."))
            return redirect(saved)
    context = {"form": form, "supplier": row if row.pk else None, "parts": parts, "conflict": conflict}
    status = 409 if conflict is not None else 422 if data is not None and not act.startswith("add-") else 200
    return render(request, "procurement/suppliers/supplier_form.html", context, status=status)


@require_POST
@access(STEWARDS)
def merge_supplier(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Supplier.objects.visible_to(request.user).standing(), pk=pk)
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
    return render(request, "procurement/suppliers/supplier.html", _page(request, row, merge_form=form), status=422)


@require_POST
@access(roles(Role.AUDITOR, scope=Scope.REFERENCE))
def unmask_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """The identity number of somebody behind a supplier, for a reason that stays in the trail."""
    person = get_object_or_404(SupplierPerson.objects.select_related("supplier"), pk=pk)
    form, shown = ReasonForm(request.POST), {}
    if form.is_valid():
        inventory.record_unmasking(
            person.supplier, by=request.user, reason=form.cleaned_data["reason"], person=person.pk
        )
        shown = {person.pk: person.identity}
    page = _page(request, person.supplier, unmasked=shown, reason_form=form)
    response = render(request, "procurement/suppliers/supplier.html", page, status=200 if shown else 422)
    response["Cache-Control"] = "no-store"
    return response
