"""Packages and the people on them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from accounts.reauthentication import fresh
from core.access import Scope, access, roles
from core.form_pages import form_on
from core.outcomes import refused, told
from core.permissions import insist
from core.request_values import typed_text, whole_number
from core.tables import list_response
from core.versioning import Conflict, save_merged
from procurement.choices import PackageState
from procurement.declarations.gate import obstacles
from procurement.models import OVERRIDE_GATE, Officer, Package
from procurement.packages import permissions, presenters
from procurement.packages import services as package_services
from procurement.packages.filters import PackageFilter
from procurement.packages.forms import MethodCheckForm, OfficerForm, OverrideForm, PackageForm, ReplaceForm
from procurement.packages.permissions import READERS, WRITERS
from procurement.packages.tables import PackageTable

PAGE = "procurement/packages/package.html"
FORM = "procurement/packages/package_form.html"


@access(READERS)
def packages(request: SignedInRequest) -> HttpResponseBase:
    rows = Package.objects.visible_to(request.user).of_year(request.workspace.fiscal_year).order_by("rup_code")
    found = PackageFilter(request.GET, queryset=rows)
    table = PackageTable(found.qs, request=request, fill=presenters.filled_for_list)
    context = {"filter": found, "may_add": permissions.may_create(request.user, request.workspace.agency)}
    return list_response(request, "procurement/packages/packages.html", table, context, name="paket")


@access(READERS)
def package(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Package.objects.visible_to(request.user).select_related("agency", "program", "sub_activity", "created_by")
    return render(request, PAGE, presenters.package_page(request.user, get_object_or_404(rows, pk=pk)))


def _own(request: SignedInRequest, pk: int) -> Package:
    rows = Package.objects.editable_by(request.user).select_related("agency", "program", "created_by")
    return get_object_or_404(rows, pk=pk)


def _own_officer(request: SignedInRequest, pk: int) -> Officer:
    officers = Officer.objects.active().filter(package__in=Package.objects.editable_by(request.user))
    return get_object_or_404(officers.select_related("package__agency", "user"), pk=pk)


@access(WRITERS)
def new_package(request: SignedInRequest) -> HttpResponse:
    agency, year = request.workspace.agency, request.workspace.fiscal_year
    if agency is None or not permissions.may_create(request.user, agency):
        messages.error(request, _("Choose an OPD of which you are an operator, at the top of the page."))
        return redirect("procurement:packages")
    blank = Package(agency=agency, fiscal_year=year, created_by=request.user)
    form = PackageForm(request.POST or None, agency=agency, fiscal_year=year, instance=blank)
    if request.method == "POST" and form.is_valid():
        row = package_services.create_package(agency=agency, fiscal_year=year, by=request.user, values=form.values())
        done = _("The package is saved. Now assign the PPK, who has to declare before the announcement.")
        messages.success(request, done)
        return redirect(row)
    return render(request, FORM, {"form": form, "fiscal_year": year})


@access(WRITERS)
def check_method(request: SignedInRequest) -> HttpResponse:
    """Whether the method fits the value, said while the package is being typed."""
    agency = request.workspace.agency
    blank = Package(agency=agency, fiscal_year=request.workspace.fiscal_year) if agency else Package()
    typed = MethodCheckForm(request.GET)
    problem = presenters.method_problem(blank, typed.cleaned_data) if typed.is_valid() else ""
    remark = presenters.amount_remark(getattr(typed, "cleaned_data", {}).get("ceiling_rupiah"))
    return render(request, "procurement/packages/method_check.html", {"problem": problem, "remark": remark})


@access(WRITERS)
def edit_package(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    try:
        permissions.check_may_edit(request.user, row)
    except ValidationError as error:
        return refused(request, error, row)
    form = PackageForm(request.POST or None, agency=row.agency, fiscal_year=row.fiscal_year, instance=row)
    if request.method == "POST" and form.is_valid():
        return _save_edited(request, row, form)
    return _edit_page(request, row, form)


def _save_edited(request: SignedInRequest, row: Package, form: PackageForm) -> HttpResponse:
    def save(form: PackageForm) -> Package:
        version = form.cleaned_data["version"] or 0
        return package_services.update_package(pk=row.pk, version=version, by=request.user, values=form.values())

    try:
        form, saved, conflict = save_merged(form, save)
    except ValidationError as error:
        form.add_error(None, error)
        return _edit_page(request, row, form)
    if saved is None:
        return _edit_page(request, row, form, conflict=conflict, status=409 if conflict else 200)
    messages.success(request, _("The package is saved."))
    return redirect("procurement:package", row.pk)


def _edit_page(
    request: SignedInRequest, row: Package, form: PackageForm, *, conflict: object = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "package": row, "conflict": conflict, "fiscal_year": row.fiscal_year}
    return render(request, FORM, context, status=status)


@require_POST
@access(WRITERS)
def assign_officer(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    form = OfficerForm(request.POST, agency=row.agency)
    if form.is_valid():
        try:
            package_services.assign_officer(package=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("The person is assigned and has been told to declare."))
            return redirect(row)
    return render(request, PAGE, presenters.package_page(request.user, row, officer_form=form))


@require_POST
@form_on(lambda request, pk: _own_officer(request, pk).package)
@access(WRITERS)
def remove_officer(request: SignedInRequest, pk: int) -> HttpResponse:
    officer = _own_officer(request, pk)
    with told(request, _("The person is no longer on the package.")):
        package_services.remove_officer(package=officer.package, officer=officer, by=request.user)
    return redirect(officer.package)


@require_POST
@form_on(lambda request, pk: _own_officer(request, pk).package)
@access(WRITERS)
def replace_officer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put somebody else in the place of a person whom the superior wants replaced."""
    officer = _own_officer(request, pk)
    form = ReplaceForm(request.POST, agency=officer.package.agency, without=officer.user)
    if not form.is_valid():
        messages.error(request, _("Choose who takes the place."))
        return redirect(officer.package)
    with told(request, _("The person is replaced; the new one has been told to declare.")):
        package_services.replace_officer(officer=officer, user=form.cleaned_data["user"], by=request.user)
    return redirect(officer.package)


@require_POST
@access(WRITERS)
def move_package(request: SignedInRequest, pk: int) -> HttpResponse:
    """One step of the package's way; what stands in the way is listed, with the comment kept."""
    row = _own(request, pk)
    version, comment = whole_number(request.POST.get("version")), typed_text(request.POST.get("comment"), limit=2000)
    if request.POST.get("state") not in PackageState.values or version is None:
        raise Http404
    state = PackageState(request.POST["state"])
    try:
        package_services.move_package(pk=pk, version=version, by=request.user, state=state, comment=comment)
    except Conflict:
        row.refresh_from_db()
        problems, status = [_("Somebody changed this package in the meantime. Read it again, then decide.")], 409
    except ValidationError as error:
        problems, status = error.messages, 422
    else:
        messages.success(request, _("The package is now %(state)s.") % {"state": state.label})
        return redirect(row)
    context = presenters.package_page(request.user, row, problems=problems, comment=comment)
    return render(request, PAGE, context, status=status)


@require_POST
@access(WRITERS)
def step_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """The last step is taken back, with a reason."""
    row = _own(request, pk)
    version, reason = whole_number(request.POST.get("version")), typed_text(request.POST.get("reason"), limit=2000)
    if version is None:
        raise Http404
    try:
        package = package_services.step_back(pk=pk, version=version, by=request.user, reason=reason)
    except Conflict:
        row.refresh_from_db()
        problems, status = [_("Somebody changed this package in the meantime. Read it again, then decide.")], 409
    except ValidationError as error:
        problems, status = error.messages, 422
    else:
        messages.success(request, _("The package is now %(state)s.") % {"state": package.get_state_display()})
        return redirect(row)
    context = presenters.package_page(request.user, row, problems=problems, back_reason=reason)
    return render(request, PAGE, context, status=status)


@require_POST
@access(roles(*OVERRIDE_GATE.ladder, scope=Scope.PROVINCE))
@fresh
def override_gate(request: SignedInRequest, pk: int) -> HttpResponse:
    """The head of the OPD lets the package pass its next gate, with a reason; a head on the package does not."""
    visible = Package.objects.visible_to(request.user)
    row = get_object_or_404(visible.select_related("agency", "program", "created_by"), pk=pk)
    insist(permissions.check_may_override, request.user, row, obstacles(row))
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            package_services.override_gate(package=row, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("The package may pass; your reason stands in every audit export."))
            return redirect(row)
    return render(request, PAGE, presenters.package_page(request.user, row, override_form=form), status=422)
