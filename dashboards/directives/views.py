"""Directives: the list, giving one, and the words that follow."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from accounts.agencies.fields import AgencyChoiceField, AgencyFilter
from accounts.middleware import SignedInRequest
from accounts.reauthentication import fresh, fresh_for
from core import audit, private_files
from core.access import Scope, access, roles
from core.audit import history_of
from core.choices import AGENCY_ROLES, Role
from core.fields import WholeNumberFormField
from core.forms import DayInput, put_errors
from core.permissions import insist
from core.request_values import whole_number
from core.tables import list_response
from core.text import shortened
from dashboards.choices import DirectiveState
from dashboards.directives import services as directive_services
from dashboards.directives.permissions import check_may_move, may_follow_up, may_give
from dashboards.directives.tables import DirectiveTable
from dashboards.early_warnings.matters import matter_of
from dashboards.models import DIRECTIVE_READERS, Directive, EarlyWarning, FollowUp
from dashboards.models.directives import DirectiveQuerySet
from dashboards.readers import OFFICE
from procurement.models import Package
from programs.models import Program

TEXT_LENGTH = 500  # of a directive
ANSWERED_WITHIN = dt.timedelta(days=14)  # what is usual; the office changes it
READERS = roles(*AGENCY_ROLES, *DIRECTIVE_READERS, scope=Scope.OWN_AGENCY)
ANSWERERS = roles(*AGENCY_ROLES, Role.GOVERNORS_OFFICE, scope=Scope.OWN_AGENCY)


class DirectiveFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_lazy("Words"))
    agency = AgencyFilter()
    state = django_filters.ChoiceFilter(choices=DirectiveState, label=_lazy("State"), empty_label=_lazy("All"))
    late = django_filters.ChoiceFilter(
        choices=[("yes", _lazy("overdue"))], method="by_late", label=_lazy("Due"), empty_label=_lazy("All")
    )

    class Meta:
        model = Directive
        fields = ["q", "agency", "state", "late"]

    def search(self, queryset: QuerySet[Directive], _name: str, value: str) -> QuerySet[Directive]:
        for word in value.split()[:8]:
            queryset = queryset.filter(Q(text__icontains=word) | Q(measure__icontains=word))
        return queryset

    def by_late(self, queryset: DirectiveQuerySet, _name: str, _value: str) -> QuerySet[Directive]:
        return queryset.overdue(timezone.localdate())


class DirectiveForm(forms.ModelForm):
    agency = AgencyChoiceField()
    program = forms.IntegerField(required=False, widget=forms.HiddenInput)
    package = forms.CharField(
        label=_lazy("RUP code"),
        required=False,
        max_length=12,
        help_text=_lazy("When it is about a package."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    class Meta:
        model = Directive
        fields = ["agency", "text", "measure", "given_on", "due_on", "program", "package"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "given_on": DayInput(),
            "due_on": DayInput(),
        }

    def clean_program(self) -> Program | None:
        number = self.cleaned_data["program"]
        return Program.objects.filter(pk=number).first() if number else None

    def clean_package(self) -> Package | None:
        code = self.cleaned_data["package"].strip()
        if not code:
            return None
        found = Package.objects.filter(rup_code=code).first()
        if found is None:
            raise forms.ValidationError(_("No package has the RUP code %(code)s."), params={"code": code})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        agency = cleaned.get("agency")
        for name in ("program", "package"):
            if cleaned.get(name) is not None and agency is not None and cleaned[name].agency_id != agency.pk:
                self.add_error("package" if name == "package" else None, _("This belongs to another OPD."))
        return cleaned


class FollowUpForm(forms.Form):
    text = forms.CharField(label=_lazy("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    percent = WholeNumberFormField(label=_lazy("Carried out (%)"), min_value=0, max_value=100, required=False)
    lacking_reason = forms.CharField(
        label=_lazy("Why below 100% or without proof"),
        required=False,
        max_length=500,
        help_text=_lazy("Only when it is called carried out all the same."),
    )
    file = forms.FileField(label=_lazy("Proof"), required=False, help_text=_lazy("PDF, picture or XLSX, up to 10 MB."))


@access(READERS)
def directive_list(request: SignedInRequest) -> HttpResponseBase:
    rows = Directive.objects.visible_to(request.user).select_related("agency").prefetch_related("follow_ups")
    found = DirectiveFilter(request.GET, queryset=rows)
    table = DirectiveTable(found.qs.order_by("closed_at", "due_on", "pk"), request=request)
    context = {"filter": found, "may_give": may_give(request.user)}
    return list_response(request, "dashboards/directives/directives.html", table, context, name="arahan")


@access(OFFICE)
@fresh
def new_directive(request: SignedInRequest) -> HttpResponse:
    initial = {
        "agency": request.GET.get("opd"),
        "program": request.GET.get("program"),
        "package": request.GET.get("rup"),
        **_from_warning(request),
    }
    form = DirectiveForm(request.POST or None, initial={name: value for name, value in initial.items() if value})
    if request.method == "POST" and form.is_valid():
        try:
            row = directive_services.give(values=form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The directive is recorded and the OPD has been told."))
            return redirect(row)
    return render(
        request, "dashboards/directives/directive_form.html", {"form": form}, status=422 if form.errors else 200
    )


def _from_warning(request: SignedInRequest) -> dict[str, Any]:
    """Text, measure and day of a directive on the matter of a warning (`?warning=`); nothing without one."""
    number = whole_number(request.GET.get("warning", ""), digits=18)
    rows = EarlyWarning.objects.visible_to(request.user).select_related("agency")
    row = rows.filter(pk=number).first() if number else None
    if row is None:
        return {}
    today = timezone.localdate()
    matter = matter_of(row, today)
    single = matter.rows[0] if len(matter.rows) == 1 else None
    return {
        "agency": row.agency_id,
        "program": single and single.program_id,
        "text": shortened(f"{matter.sentence} {matter.next_step}", TEXT_LENGTH),
        "measure": matter.measure,
        "due_on": max(today, min(today + ANSWERED_WITHIN, dt.date(today.year, 12, 31))),
    }


@access(READERS)
def directive(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _directive(request, pk)
    return render(request, "dashboards/directives/directive.html", _page(request, row))


def _directive(request: SignedInRequest, pk: int) -> Directive:
    rows = Directive.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("agency", "program", "package", "given_by"), pk=pk)


def _page(request: SignedInRequest, row: Directive, form: FollowUpForm | None = None) -> dict[str, Any]:
    return {
        "directive": row,
        "is_late": row.is_late(timezone.localdate()),
        "follow_ups": row.follow_ups.select_related("by"),
        "history": history_of(row),
        "form": (form or FollowUpForm()) if may_follow_up(request.user, row) else None,
        "is_office": may_give(request.user),
    }


@require_POST
@access(ANSWERERS)
@fresh_for(Role.GOVERNORS_OFFICE)  # closing is a decision; answering is not
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Progress or an answer of the OPD; the office closes, withdraws or sends back."""
    row = _directive(request, pk)
    if not OFFICE.admits(request.user) and row.agency_id not in request.user.agency_ids:
        raise Http404
    wanted = request.POST.get("state", "")
    insist(check_may_move, request.user, row, wanted)
    form = FollowUpForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            directive_services.follow_up(directive=row, by=request.user, state=wanted, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The follow-up is saved."))
            return redirect(row)
    return render(request, "dashboards/directives/directive.html", _page(request, row, form), status=422)


@access(READERS)
def evidence(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A file of a follow-up, always as a download."""
    rows = FollowUp.objects.filter(directive__in=Directive.objects.visible_to(request.user)).exclude(stored_as="")
    row = get_object_or_404(rows, pk=pk)
    file = private_files.open_stored(directive_services.FOLDER, row.stored_as)
    audit.note_read(request, "file.fetched", row)
    response = FileResponse(file, as_attachment=True, filename=row.file_name, content_type=row.content_type)
    response["Cache-Control"] = "private, no-store"
    return response
