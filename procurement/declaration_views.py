"""Declaring interests, deciding on declarations, and looking behind a mask."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.choices import AGENCY_ROLES, Role
from core.listing import page_of
from core.parameters import one_more_form
from procurement import services
from procurement.forms import DecisionForm, DeclarationForm, InterestForm, InterestFormSet, ReasonForm
from procurement.models import Declaration, Interest, Officer

DECLARERS = roles(*AGENCY_ROLES, scope=Scope.OWN)
READERS = roles(*AGENCY_ROLES, Role.AUDITOR, scope=Scope.OWN_AGENCY)


@access(READERS)
def declarations(request: SignedInRequest) -> HttpResponse:
    """What I still have to declare, what waits for my decision, and what I may read."""
    readable = (
        Declaration.objects.visible_to(request.user)
        .filter(fiscal_year=request.desk.fiscal_year)
        .current()
        .select_related("officer__user", "officer__package__agency", "decision")
        .order_by("-declared_at")
    )
    context = {
        "to_declare": Officer.objects.still_to_declare()
        .of_open_packages()
        .filter(user=request.user)
        .select_related("package__agency"),
        "to_decide": Declaration.objects.awaiting_decision_of(request.user).select_related(
            "officer__user", "officer__package__agency"
        ),
        "page": page_of(request, readable),
    }
    return render(request, "procurement/declarations.html", context)


@access(DECLARERS)
def declare(request: SignedInRequest, pk: int) -> HttpResponse:
    """The official's own declaration; a correction starts from what was said last."""
    officer = get_object_or_404(
        Officer.objects.active().filter(user=request.user).select_related("package__agency"), pk=pk
    )
    form = DeclarationForm(request.POST or None)
    data: QueryDict | None = request.POST or None
    if request.POST.get("act") == "add":
        data = one_more_form(request.POST, "form")
        form = DeclarationForm(initial={"answer": request.POST.get("answer"), "is_true": "is_true" in request.POST})
    formset = InterestFormSet(data, queryset=Interest.objects.none())
    if request.method == "POST" and request.POST.get("act") != "add" and form.is_valid():
        some = form.cleaned_data["answer"] == "some"
        filled = [f for f in formset if f.has_changed()] if some and formset.is_valid() else []
        if some and not filled and formset.is_valid():
            form.add_error("answer", _("Name at least one interest, or choose that you have none."))
        elif not some or formset.is_valid():
            services.declare(officer=officer, by=request.user, interests=[_interest(f) for f in filled])
            messages.success(request, _("Your declaration is saved and your superior has been told."))
            return redirect(officer.package)
    last = officer.declarations.current().first()
    context = {"officer": officer, "package": officer.package, "form": form, "formset": formset, "last": last}
    return render(request, "procurement/declare.html", context)


def _interest(form: InterestForm) -> Interest:
    interest: Interest = form.save(commit=False)
    interest.party_identity = form.cleaned_data["party_identity"]
    return interest


@access(READERS)
def declaration(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _declaration(request, pk)
    return render(request, "procurement/declaration.html", _page(request, row))


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
@access(roles(Role.AGENCY_HEAD, scope=Scope.OWN_AGENCY))
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Declaration.objects.awaiting_decision_of(request.user), pk=pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.decide_declaration(
                pk=row.pk, by=request.user, kind=form.cleaned_data["kind"], reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("Your decision is saved and the official has been told."))
            return redirect(row)
    return render(
        request, "procurement/declaration.html", _page(request, _declaration(request, pk), decision_form=form)
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
            interest.pk: services.unmask_identity(
                interest=interest, by=request.user, reason=form.cleaned_data["reason"]
            )
        }
    response = render(request, "procurement/declaration.html", _page(request, row, unmasked=shown, reason_form=form))
    response["Cache-Control"] = "no-store"
    return response
