"""Programmes: the list, the two screens of registering, the page of one programme."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest, workspace_years
from accounts.models import Agency
from core.access import Scope, access, roles
from core.choices import Role
from core.deleted import there_or_deleted
from core.fields import NumberFormField
from core.formset_rows import show_unjudged, with_rows_changed
from core.models import AuditEvent
from core.numbers import LARGEST_HEADCOUNT
from core.outcomes import refused, tell_refusal, told
from core.request_values import plain_text, typed_text, whole_number
from core.tables import list_response
from core.versioning import Conflict, Difference, at_version, merge, pairs_of, save_merged
from datasources.choices import WorstSide
from datasources.models import Series
from programs.choices import ProgramState, TargetChoice
from programs.models import (
    PROVINCE_READERS,
    BudgetIssue,
    BudgetLine,
    Nomenclature,
    Program,
)
from programs.models.programs import WORST_REGIONS
from programs.registration import copying
from programs.registration import services as registration
from programs.registration.filters import ProgramFilter
from programs.registration.forms import SEARCH_RESULTS, IndicatorFormSet, LegalBasisForm, NewYearForm, ProgramForm
from programs.registration.needs import snapshot, worst_side_of
from programs.registration.permissions import may_create
from programs.registration.presenters import new_year_page, plans_page, program_form_page, program_page
from programs.registration.tables import BudgetLineTable, ProgramTable

READERS = roles(Role.OPERATOR, Role.AGENCY_HEAD, *PROVINCE_READERS, scope=Scope.PROVINCE)
WRITERS = roles(Role.OPERATOR, scope=Scope.OWN_AGENCY)


def _own(request: SignedInRequest, pk: int) -> Program:
    """To be changed by this person. Raises Http404, and AlreadyDeleted for a draft that somebody has deleted."""
    rows = Program.objects.editable_by(request.user).select_related("agency")
    return there_or_deleted(rows, pk, may_know=partial(_may_know, request))


def _may_know(request: SignedInRequest, deleted: AuditEvent) -> bool:
    agency = deleted.details.get("agency")
    return agency is not None and request.user.operates(agency)


@access(READERS)
def programs(request: SignedInRequest) -> HttpResponseBase:
    rows = (
        Program.objects.visible_to(request.user)
        .of_year(request.workspace.fiscal_year)
        .order_by("agency__name", "nomenclature__code", "pk")
    )
    found = ProgramFilter(request.GET, queryset=rows)
    table = ProgramTable(
        found.qs,
        request=request,
        fill=lambda some: some.select_related("agency", "service", "nomenclature").with_indicator_counts(),
    )
    context = {
        "filter": found,
        "may_add": may_create(request.user, request.workspace.agency),
        "copy_into": _year_to_copy_into(request),
    }
    return list_response(request, "programs/registration/programs.html", table, context, name="program")


def _year_to_copy_into(request: SignedInRequest) -> int:
    """The year shown, where the OPD has nothing in it yet; else the one after."""
    year = request.workspace.fiscal_year
    has_some = Program.objects.of_year(year).filter(agency=request.workspace.agency).exists()
    return min(year + 1, workspace_years()[0]) if has_some else year


@access(READERS)
def program(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Program.objects.visible_to(request.user).select_related(
        "agency", "service__domain", "nomenclature", "created_by", "plan_item__document"
    )
    row = there_or_deleted(rows, pk, may_know=partial(_may_know, request))
    return render(request, "programs/registration/program.html", program_page(request.user, row))


@access(READERS)
def plans(request: SignedInRequest) -> HttpResponse:
    """RPJMD and Renstra that cover the year: from the mission down to the targets, and the programmes that serve
    them."""
    year = request.workspace.fiscal_year
    chosen = whole_number(request.GET.get("dokumen"), digits=18) or 0
    return render(request, "programs/registration/plans.html", plans_page(request.user, year, chosen))


@access(READERS)
def budget(request: SignedInRequest) -> HttpResponseBase:
    """The versions of an OPD's budget list, and what a version changed."""
    issues = (
        BudgetIssue.objects.visible_to(request.user)
        .filter(fiscal_year=request.workspace.fiscal_year)
        .select_related("agency", "taken_by", "upload")
        .order_by("agency__name", "-number")
    )
    chosen = issues.filter(pk=whole_number(request.GET.get("versi"), digits=18) or 0).first()
    lines = BudgetLine.objects.changed_by(chosen) if chosen is not None else BudgetLine.objects.none()
    lines = lines.select_related("sub_activity").order_by("sub_activity_id", "account_code", "identity", "since_id")
    table = BudgetLineTable(lines, request=request)
    context = {"issues": issues, "chosen": chosen}
    return list_response(request, "programs/registration/budget.html", table, context, name="anggaran")


@require_POST
@access(WRITERS)
def add_legal_basis(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    form = LegalBasisForm(request.POST, program=row)
    if form.is_valid():
        registration.add_legal_basis(program=row, basis=form.to_basis(), by=request.user)
        messages.success(request, _("The legal basis is added."))
        return redirect(row)
    context = program_page(request.user, row) | {"legal_form": form}
    return render(request, "programs/registration/program.html", context, status=422)


@require_POST
@access(WRITERS)
def region_targets(request: SignedInRequest, pk: int) -> HttpResponse:
    """How many people are to be reached in each region of the programme."""
    row = _own(request, pk)
    field = NumberFormField(required=False, decimals=0, min_value=0, max_value=LARGEST_HEADCOUNT)
    people, unread = {}, []
    for region in row.regions.all():
        text = request.POST.get(f"region-{region.pk}", "").strip()
        try:
            people[region] = field.clean(text)
        except ValidationError as error:
            unread.append(f"{region}: {' '.join(error.messages)}")
    if unread:
        messages.error(request, " ".join(unread))
    else:
        registration.set_region_targets(program=row, people=people, by=request.user)
        messages.success(request, _("The targets per region are saved."))
    return redirect(row)


@access(WRITERS)
def evidence_preview(request: SignedInRequest) -> HttpResponse:
    """What a reference series says of the need, while the programme is being entered."""
    series = Series.objects.active().filter(pk=whole_number(request.GET.get("evidence_series"), digits=18) or 0).first()
    worst = request.GET.get("evidence_worst", "")
    count = min(10, whole_number(request.GET.get("worst_count"), digits=2) or WORST_REGIONS)
    if series is not None and worst not in WorstSide.values:
        worst = worst_side_of(series) or WorstSide.HIGH
    found = snapshot(series, worst) if series else {}
    context = {"evidence": found, "worst_count": count, "series_id": series.pk if series else None}
    return render(request, "programs/registration/evidence_box.html", context)


@access(WRITERS)
def new_program(request: SignedInRequest) -> HttpResponse:
    """Screen 1 of a new programme."""
    workspace = request.workspace
    if workspace.agency is None or not request.user.operates(workspace.agency.pk):
        messages.error(request, _("Choose an OPD of which you are an operator, at the top of the page."))
        return redirect("programs:programs")
    searching = "search_again" in request.POST
    form = ProgramForm(request.POST or None, fiscal_year=workspace.fiscal_year, instance=_blank(request))
    if request.method == "POST" and not searching and form.is_valid():
        row = registration.create_program(
            agency=workspace.agency,
            fiscal_year=workspace.fiscal_year,
            by=request.user,
            values=form.values(),
            regions=form.cleaned_data["regions"],
        )
        return redirect("programs:indicators", row.pk)
    return render(
        request,
        "programs/registration/program_form.html",
        program_form_page(form, plain_text(request.POST.get("nomenclature_search"), limit=200)),
    )


@access(WRITERS)
def new_year(request: SignedInRequest) -> HttpResponse:
    """Last year's programmes as drafts of this year: what would be copied, then the copying."""
    agency, year = request.workspace.agency, request.workspace.fiscal_year
    if agency is None or not may_create(request.user, agency) or year not in workspace_years():
        messages.error(request, _("Choose an OPD of which you are an operator, and a year, at the top of the page."))
        return redirect("programs:programs")
    form = NewYearForm(request.POST or None)
    chosen = _chosen_programs(request) if request.method == "POST" else None
    if chosen is not None and (done := _copied(request, agency, form, chosen)):
        _say_what_was_copied(request, done, year)
        return redirect(
            f"{reverse('programs:programs')}?{urlencode({'tahun': str(year), 'state': str(ProgramState.DRAFT)})}"
        )
    status = 422 if request.method == "POST" else 200
    context = new_year_page(agency, year, form, chosen)
    return render(request, "programs/registration/new_year.html", context, status=status)


def _copied(
    request: SignedInRequest, agency: Agency, form: NewYearForm, chosen: dict[int, int | None]
) -> copying.Copied | None:
    """None, with the reason in the form, when nothing could be copied."""
    if not form.is_valid():
        return None
    if not chosen:
        form.add_error(None, _("Choose at least one programme."))
        return None
    try:
        return copying.copy_into_year(
            agency=agency,
            fiscal_year=request.workspace.fiscal_year,
            by=request.user,
            chosen=chosen,
            targets=TargetChoice(form.cleaned_data["targets"]),
            with_sub_activities=form.cleaned_data["with_sub_activities"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _chosen_programs(request: SignedInRequest) -> dict[int, int | None]:
    """`chosen-12=1` with `code-12=…` where the code is to be chosen."""
    found = {}
    for name in request.POST:
        key = whole_number(name.removeprefix("chosen-"), digits=18)
        if name.startswith("chosen-") and key:
            found[key] = whole_number(request.POST.get(f"code-{key}"), digits=18)
    return found


def _say_what_was_copied(request: SignedInRequest, done: copying.Copied, year: int) -> None:
    if done.made:
        text = ngettext(
            "%(count)s programme is copied into %(year)s as a draft.",
            "%(count)s programmes are copied into %(year)s as drafts.",
            len(done.made),
        )
        messages.success(request, text % {"count": len(done.made), "year": year})
    if done.there:
        text = _("Left alone, because %(year)s has them already: %(names)s.")
        messages.info(request, text % {"year": year, "names": "; ".join(str(row) for row in done.there)})
    if done.without_code:
        text = _("Not copied, because no code in force follows theirs: %(names)s.")
        messages.warning(request, text % {"names": "; ".join(str(row) for row in done.without_code)})


@require_POST
@access(WRITERS)
def duplicate_program(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    try:
        made = copying.duplicate_program(pk=row.pk, by=request.user)
    except ValidationError as error:
        return refused(request, error, row)
    messages.success(request, _("The programme is copied as a draft. Change what is different in it."))
    return redirect("programs:edit-program", made.pk)


@require_POST
@access(WRITERS)
def reopen_program(request: SignedInRequest, pk: int) -> HttpResponse:
    """A registered programme becomes a draft again, with a reason."""
    row = _own(request, pk)
    with told(request, _("The programme is a draft again.")):
        registration.reopen_program(
            pk=row.pk, by=request.user, reason=typed_text(request.POST.get("reason"), limit=500)
        )
    return redirect(row)


@require_POST
@access(WRITERS)
def delete_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    try:
        name = registration.delete_draft(pk=row.pk, by=request.user)
    except ValidationError as error:
        return refused(request, error, row)
    messages.success(request, _("The draft “%(name)s” is deleted; the trail keeps what it was.") % {"name": name})
    return redirect("programs:programs")


def _blank(request: SignedInRequest) -> Program:
    """An unsaved row that carries what the unique constraint needs for its message."""
    return Program(agency=request.workspace.agency, fiscal_year=request.workspace.fiscal_year, created_by=request.user)


@access(WRITERS)
def edit_program(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    asks_reason = row.state == ProgramState.REGISTERED
    searching = "search_again" in request.POST
    form = ProgramForm(request.POST or None, fiscal_year=row.fiscal_year, asks_reason=asks_reason, instance=row)
    conflict = None
    if request.method == "POST" and not searching and form.is_valid():
        form, saved, conflict = save_merged(
            form,
            lambda form: registration.update_program(
                pk=pk,
                version=form.cleaned_data["version"] or 0,
                by=request.user,
                values=form.values(),
                regions=form.cleaned_data["regions"],
                reason=form.cleaned_data.get("reason", ""),
            ),
        )
        if saved is not None:
            messages.success(request, _("The programme is saved."))
            return redirect("programs:program" if asks_reason else "programs:indicators", pk)
    context = program_form_page(form, plain_text(request.POST.get("nomenclature_search"), limit=200)) | {
        "program": row,
        "conflict": conflict,
    }
    return render(
        request, "programs/registration/program_form.html", context, status=409 if conflict is not None else 200
    )


@access(roles(Role.OPERATOR, scope=Scope.REFERENCE))
def nomenclature_search(request: SignedInRequest) -> HttpResponse:
    """The results under the search field, while typing."""
    words = request.GET.get("nomenclature_search", "")
    fiscal_year = whole_number(request.GET.get("year"), digits=4) or request.workspace.fiscal_year
    found = Nomenclature.objects.for_programs(fiscal_year).search(words)[:SEARCH_RESULTS] if words.strip() else []
    context = {"codes": found, "words": words, "chosen": request.GET.get("nomenclature", "")}
    return render(request, "programs/registration/program_form.html#codes", context)


@access(WRITERS)
def indicators(request: SignedInRequest, pk: int) -> HttpResponse:
    """Screen 2: the indicators, and registering."""
    row = _own(request, pk)
    act = request.POST.get("act", "")
    rows = with_rows_changed(request.POST, "indicators")
    formset = IndicatorFormSet(rows or request.POST or None, instance=row)
    if rows:
        show_unjudged(formset, act=act)
    problems: list[str] = []
    conflict: list[Difference] | None = None
    if request.method == "POST" and rows is None and formset.is_valid():
        try:
            return _save_indicators(request, row, formset)
        except Conflict as error:
            formset, conflict = _merged_indicators(row, formset, error.current)
            row.version = error.current.version
            if not conflict and formset.is_valid():
                return _save_indicators(request, row, formset)
        except ValidationError as error:
            problems = error.messages
    context = {
        "program": row,
        "formset": formset,
        "problems": problems,
        "conflict": conflict,
        "reason": request.POST.get("reason", ""),
        "asks_reason": row.state == ProgramState.REGISTERED,
    }
    return render(request, "programs/registration/indicators.html", context, status=409 if conflict else 200)


def _merged_indicators(row: Program, formset: Any, current: Any) -> tuple[Any, list[Difference] | None]:
    """The forms over what is saved by now, and the fields that two people changed, each otherwise."""
    merged = merge(formset.data, *pairs_of(formset, IndicatorFormSet(None, instance=row)))
    again = IndicatorFormSet(at_version(merged.data, current.version), instance=row)
    names = {form.add_prefix(name): form.instance.name for form in formset for name in form.fields}
    return again, [replace(each, label=f"{names[each.name]}: {each.label}") for each in merged.conflict] or None


def _save_indicators(request: SignedInRequest, row: Program, formset: Any) -> HttpResponse:
    saved = formset.save(commit=False)
    quarters = [(form.instance, form.quarter_targets()) for form in formset.forms if form not in formset.deleted_forms]
    program = registration.save_indicators(
        pk=row.pk,
        version=whole_number(formset.data.get("version")) or 0,
        by=request.user,
        saved=saved,
        removed=formset.deleted_objects,
        quarter_targets=quarters,
        reason=typed_text(request.POST.get("reason"), limit=500),
    )
    if request.POST.get("act") != "register":
        messages.success(request, _("The indicators are saved."))
        return redirect("programs:program", row.pk)
    try:
        registration.register_program(pk=program.pk, by=request.user)
    except ValidationError as error:
        tell_refusal(request, error)  # what was typed is saved; only the registration has to wait
        return redirect("programs:indicators", row.pk)
    messages.success(request, _("The programme is registered. Its quarterly reports can be opened below."))
    return redirect("programs:program", row.pk)
