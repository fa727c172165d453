"""Declaring interests, deciding on declarations, and looking behind a mask."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.choices import AGENCY_ROLES, Role
from core.encryption import masked
from core.exports.streams import Column
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from core.request_values import one_more_form
from procurement.declarations import register as declaration_register
from procurement.declarations import services as declaration_services
from procurement.declarations.filters import RegisterFilter
from procurement.declarations.forms import (
    DecisionForm,
    DeclarationForm,
    InterestForm,
    InterestFormSet,
    ProfileForm,
    ReasonForm,
    ReplaceForm,
)
from procurement.models import Declaration, Interest, Officer, OfficialProfile, Package
from procurement.packages import services as package_services

DECLARERS = roles(*AGENCY_ROLES, scope=Scope.OWN)
READERS = roles(*AGENCY_ROLES, Role.AUDITOR, Role.GOVERNORS_OFFICE, scope=Scope.OWN_AGENCY)
REGISTER = roles(Role.AGENCY_HEAD, Role.AUDITOR, scope=Scope.OWN_AGENCY)


@access(READERS)
def declarations(request: SignedInRequest) -> HttpResponse:
    """What I still have to declare, what waits for my decision, and what I may read."""
    readable = (
        Declaration.objects.visible_to(request.user)
        .filter(fiscal_year=request.workspace.fiscal_year)
        .current()
        .select_related("declarer", "officer__user", "officer__package__agency", "agency", "decision")
        .order_by("-declared_at")
    )
    workspace = request.workspace
    declares = request.user.has_role(*AGENCY_ROLES) and workspace.agency is not None
    context = {
        "to_declare": Officer.objects.still_to_declare()
        .of_open_packages()
        .filter(user=request.user)
        .select_related("package__agency"),
        "to_decide": Declaration.objects.awaiting_decision_of(request.user).select_related(
            "declarer", "officer__package__agency"
        ),
        "page": page_of(request, readable),
        "declares_yearly": declares,
        "yearly": Declaration.objects.yearly()
        .current()
        .filter(declarer=request.user, agency=workspace.agency, fiscal_year=workspace.fiscal_year)
        .first()
        if declares
        else None,
        "may_read_register": REGISTER.admits(request.user),
    }
    return render(request, "procurement/declarations/declarations.html", context)


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

    mine = Declaration.objects.yearly().current().filter(declarer=request.user, agency=agency, fiscal_year=year)
    context = {
        "agency": agency,
        "fiscal_year": year,
        "last": mine.first(),
        "cancel_url": reverse("procurement:declarations"),
    }
    return _declare(request, save, context)


def _declare(
    request: SignedInRequest, save: Callable[[list[Interest], str], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """The form of both kinds; "one more" keeps everything but the signature."""
    more = request.POST.get("act") == "add"
    yearly = "officer" not in context
    form = DeclarationForm(None if more else request.POST or None, request=request, yearly=yearly)
    data: QueryDict | None = request.POST or None
    if more:
        data = one_more_form(request.POST, "form")
        form.initial = {"answer": request.POST.get("answer"), "is_true": "is_true" in request.POST}
    formset = InterestFormSet(data, queryset=Interest.objects.none())
    if request.method == "POST" and not more:
        some = request.POST.get("answer") == "some"
        filled = [f for f in formset if f.has_changed()] if some and formset.is_valid() else []
        # The signature is asked last: a code of the second factor is spent by looking at it.
        fits = not some or (formset.is_valid() and filled)
        if not fits:
            form.fields["signature"].required = False
            del form.fields["signature"]
        if form.is_valid() and fits:
            answer = save([_interest(f) for f in filled], form.cleaned_data["signature"])
            messages.success(request, _("Your declaration is saved and your superior has been told."))
            return answer
        if some and formset.is_valid() and not filled:
            form.add_error("answer", _("Name at least one interest, or choose that you have none."))
        if not fits:
            form.fields["signature"] = DeclarationForm(request=request).fields["signature"]
    status = 422 if form.errors or (data is not None and not more) else 200
    return render(
        request, "procurement/declarations/declare.html", context | {"form": form, "formset": formset}, status=status
    )


def _interest(form: InterestForm) -> Interest:
    interest: Interest = form.save(commit=False)
    interest.party_identity = form.cleaned_data["party_identity"]
    return interest


@access(READERS)
def declaration(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _declaration(request, pk)
    return render(request, "procurement/declarations/declaration.html", _page(request, row))


def _declaration(request: SignedInRequest, pk: int) -> Declaration:
    rows = Declaration.objects.visible_to(request.user)
    found: Declaration = get_object_or_404(
        rows.select_related("declarer", "officer__package__agency", "decision__decided_by"), pk=pk
    )
    return found


def _page(request: SignedInRequest, row: Declaration, **more: Any) -> dict[str, Any]:
    may_decide = Declaration.objects.awaiting_decision_of(request.user).filter(pk=row.pk).exists()
    return {
        "declaration": row,
        "package": row.officer.package if row.officer else None,
        "interests": row.interests.all(),
        "versions": row.versions().select_related("decision"),
        "decision_form": DecisionForm() if may_decide else None,
        "may_unmask": request.user.has_role(Role.AUDITOR) or request.user.heads(row.agency_id),
        "reason_form": ReasonForm(),
        "unmasked": {},
    } | more


@require_POST
@access(roles(Role.AGENCY_HEAD, Role.GOVERNORS_OFFICE, scope=Scope.OWN_AGENCY))
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Declaration.objects.awaiting_decision_of(request.user), pk=pk)
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
    return render(
        request,
        "procurement/declarations/declaration.html",
        _page(request, _declaration(request, pk), decision_form=form),
    )


@require_POST
@access(roles(Role.AGENCY_HEAD, Role.AUDITOR, scope=Scope.OWN_AGENCY))
def unmask(request: SignedInRequest, pk: int) -> HttpResponse:
    """The identity number behind the mask, once, for a reason that stays in the trail."""
    interest = get_object_or_404(
        Interest.objects.filter(declaration__in=Declaration.objects.visible_to(request.user)).select_related(
            "declaration"
        ),
        pk=pk,
    )
    row = _declaration(request, interest.declaration_id)
    if not (request.user.has_role(Role.AUDITOR) or request.user.heads(row.agency_id)):
        return redirect(row)
    form = ReasonForm(request.POST)
    shown = {}
    if form.is_valid():
        shown = {
            interest.pk: declaration_services.unmask_identity(
                interest=interest, by=request.user, reason=form.cleaned_data["reason"]
            )
        }
    response = render(
        request, "procurement/declarations/declaration.html", _page(request, row, unmasked=shown, reason_form=form)
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@access(roles(Role.OPERATOR, scope=Scope.OWN_AGENCY))
def replace_officer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put somebody else in the place of a person whom the superior wants replaced."""
    officers = Officer.objects.active().filter(package__in=Package.objects.editable_by(request.user))
    officer = get_object_or_404(officers.select_related("package__agency", "user"), pk=pk)
    form = ReplaceForm(request.POST, agency=officer.package.agency, without=officer.user)
    if not form.is_valid():
        messages.error(request, _("Choose who takes the place."))
        return redirect(officer.package)
    try:
        package_services.replace_officer(officer=officer, user=form.cleaned_data["user"], by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The person is replaced; the new one has been told to declare."))
    return redirect(officer.package)


@access(DECLARERS)
def particulars(request: SignedInRequest) -> HttpResponse:
    """My NIK, telephone, address and account: encrypted, compared by machine, seen by nobody in the clear."""
    profile = OfficialProfile.objects.filter(user=request.user).first()
    names = ("identity", "phone", "address", "account")
    held = {name: masked(getattr(profile, name)) for name in names if profile and getattr(profile, name)}
    form = ProfileForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name].strip() for name in names}
        declaration_services.save_profile(user=request.user, values=values, forget=form.cleaned_data["forget"])
        messages.success(request, _("Your particulars are saved."))
        return redirect("procurement:particulars")
    return render(
        request, "procurement/declarations/particulars.html", {"form": form}, status=422 if form.errors else 200
    )


# The register as the Inspektorat keeps it: who declared what, how it was signed, and what the superior decided.
REGISTER_COLUMNS = [
    Column(_lazy("Declared"), lambda row: row.declared_at, "moment"),
    Column(_lazy("Name of the official"), lambda row: str(row.declarer), width=30),
    Column("OPD", lambda row: row.agency.name, width=40),
    Column(_lazy("Year"), lambda row: row.fiscal_year, "number"),
    Column(_lazy("RUP code"), lambda row: row.officer.package.rup_code if row.officer else ""),
    Column(_lazy("Package"), lambda row: row.officer.package.name if row.officer else "", width=50),
    Column(_lazy("Task"), lambda row: row.officer.get_role_display() if row.officer else "", width=30),
    Column(_lazy("Version"), lambda row: row.number, "number"),
    Column(_lazy("Interest"), lambda row: _lazy("has an interest") if row.has_interest else _lazy("no interest")),
    Column(_lazy("Interests"), lambda row: "; ".join(f"{i.get_kind_display()}: {i.party_name} ({i.relation})" for i in row.interests.all()), width=60),
    Column(_lazy("Signed by"), lambda row: row.get_signed_by_display()),
    Column(_lazy("Decision"), lambda row: row.decision.get_kind_display() if hasattr(row, "decision") else ""),
    Column(_lazy("Reason"), lambda row: row.decision.reason if hasattr(row, "decision") else "", width=50),
    Column(_lazy("Decided by"), lambda row: str(row.decision.decided_by) if hasattr(row, "decision") else "", width=30),
    Column(_lazy("Decided"), lambda row: row.decision.decided_at if hasattr(row, "decision") else None, "moment"),
]  # fmt: skip


def _register(request: SignedInRequest, data: QueryDict) -> RegisterFilter:
    rows = Declaration.objects.visible_to(request.user).filter(fiscal_year=request.workspace.fiscal_year)
    if not request.user.has_role(Role.AUDITOR):
        rows = rows.filter(agency_id__in=request.user.headed_agency_ids)
    rows = rows.select_related("declarer", "agency", "officer__package", "decision__decided_by")
    return RegisterFilter(data, queryset=rows.prefetch_related("interests").order_by("-declared_at", "-pk"))


@access(REGISTER)
def register(request: SignedInRequest) -> HttpResponse:
    """Every declaration of the year with its decision, and who has not declared for the year."""
    found = _register(request, request.GET)
    context = {
        "filter": found,
        "page": page_of(request, found.qs),
        "kept_filters": kept_filters(request),
        "missing": declaration_register.without_yearly(request.user, request.workspace.fiscal_year)[:200],
        "missing_count": declaration_register.without_yearly(request.user, request.workspace.fiscal_year).count(),
    }
    return render_partial(request, "procurement/declarations/register.html", "results", context)


@require_POST
@access(REGISTER)
def export_register(request: SignedInRequest) -> HttpResponseBase:
    """The register as a workbook. A POST: the export is written into the trail with the file's SHA-256."""
    found = _register(request, QueryDict(request.POST.get("filters", "")[:2000]))
    return declaration_register.workbook(
        found, REGISTER_COLUMNS, by=request.user, fiscal_year=request.workspace.fiscal_year
    )
