"""Personal data: what is stored about me, requests and their answers, looking somebody up, and the log of looks."""

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core import audit
from core.access import Scope, access, roles, signed_in
from core.choices import Role
from core.forms import NO_DRAFT, put_errors
from core.models import AuditEvent
from core.pagination import page_of
from core.permissions import insist
from core.request_values import plain_text, typed_text
from core.tables import list_response
from procurement.models import ANSWER_REQUEST, PrivacyRequest
from procurement.privacy import inventory, permissions
from procurement.privacy.tables import LookTable

AUDITORS = roles(Role.AUDITOR, scope=Scope.PROVINCE)
LOOKS = ("identity.unmasked", "identity.searched", "personal_data.exported")


class PrivacyRequestForm(forms.ModelForm):
    class Meta:
        model = PrivacyRequest
        fields = ["kind", "text"]


class OutsideRequestForm(forms.ModelForm):
    """A request that came by letter, from somebody who has no account."""

    identity = forms.CharField(
        label="NIK",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=NO_DRAFT | {"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = PrivacyRequest
        fields = ["kind", "name", "identity", "text"]


class SearchForm(forms.Form):
    number = forms.CharField(
        label=_lazy("NIK or NPWP"),
        max_length=30,
        widget=forms.TextInput(attrs=NO_DRAFT | {"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = forms.CharField(label=_lazy("Reason"), max_length=500)


def _page(request: SignedInRequest, **more: object) -> dict[str, object]:
    answers = permissions.may_answer_requests(request.user)
    rows = PrivacyRequest.objects.visible_to(request.user).select_related("user", "answered_by")
    page = page_of(request, rows)
    waiting = PrivacyRequest.objects.awaiting_answer_of(request.user).filter(pk__in=[row.pk for row in page])
    context: dict[str, object] = {
        "page": page,
        "answerable": set(waiting.values_list("pk", flat=True)),
        "form": PrivacyRequestForm(auto_id="own_%s"),
        "outside_form": OutsideRequestForm(auto_id="outside_%s") if answers else None,
        "answers": answers,
    }
    return context | more


@access(signed_in())
def privacy(request: SignedInRequest) -> HttpResponse:
    """My requests; for the auditor everybody's, with the means to answer."""
    if request.method != "POST":
        return render(request, "procurement/privacy/privacy.html", _page(request))
    outside = request.POST.get("act") == "outside" and permissions.may_answer_requests(request.user)
    if outside:
        form: forms.ModelForm = OutsideRequestForm(request.POST, auto_id="outside_%s")
    else:
        own = PrivacyRequest(user=request.user, name=str(request.user), made_by=request.user)
        form = PrivacyRequestForm(request.POST, instance=own, auto_id="own_%s")
    if form.is_valid():
        row = form.save(commit=False)
        row.identity = form.cleaned_data.get("identity", "")
        try:
            inventory.ask(request=row, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The request is saved. It is answered within 72 hours (UU 27/2022)."))
            return redirect("procurement:privacy")
    context = _page(request, **{"outside_form" if outside else "form": form})
    return render(request, "procurement/privacy/privacy.html", context, status=422)


@require_POST
@access(roles(*ANSWER_REQUEST.ladder, scope=Scope.PROVINCE))
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PrivacyRequest.objects.visible_to(request.user), pk=pk)
    insist(permissions.check_may_answer, request.user, row)
    try:
        inventory.answer(
            pk=row.pk,
            by=request.user,
            state=request.POST.get("state", ""),
            text=typed_text(request.POST.get("answer"), limit=2000),
        )
    except ValidationError as error:
        context = _page(
            request, problem=" ".join(error.messages), typed_for=row.pk, typed=request.POST.get("answer", "")
        )
        return render(request, "procurement/privacy/privacy.html", context, status=422)
    messages.success(request, _("The answer is saved."))
    return redirect("procurement:privacy")


@require_POST
@access(signed_in())
def my_data(request: SignedInRequest) -> HttpResponse:
    """Everything stored about me, as JSON. A POST, because it leaves a trace."""
    audit.record("personal_data.exported", request.user, by=request.user)
    text = json.dumps(inventory.of_user(request.user), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="data-saya-{timezone.localdate():%Y%m%d}.json"'
    response["Cache-Control"] = "no-store"
    return response


@access(AUDITORS)
def looks(request: SignedInRequest) -> HttpResponseBase:
    """Who looked behind a mask or for a person, when and why; and the form to look for one."""
    rows = AuditEvent.objects.filter(action__in=LOOKS)
    words = plain_text(request.GET.get("q"), limit=100)
    if words:
        rows = rows.filter(
            Q(actor_name__icontains=words) | Q(target_name__icontains=words) | Q(reason__icontains=words)
        )
    form = SearchForm(request.POST or None)
    context: dict[str, object] = {"form": form, "q": words, "places": None}
    if request.method == "POST" and form.is_valid():
        try:
            context["places"] = inventory.search(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
    table = LookTable(rows.order_by("-pk"), request=request)
    response = list_response(request, "procurement/privacy/looks.html", table, context, name="pembukaan")
    if form.errors:
        response.status_code = 422
    response["Cache-Control"] = "no-store"
    return response
