"""Data of other portals: an auditor loads OCDS releases and sees the same flags on them."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core import queue
from core.access import Scope, access, roles
from core.choices import Role
from core.pagination import page_of
from core.tables import list_response
from procurement.choices import UNDERWAY_STATES
from procurement.models import Flag, OutsideDataset
from procurement.red_flags import external_data, presenters
from procurement.red_flags.filters import OutsideFlagFilter
from procurement.red_flags.tables import OutsideFlagTable

AUDITORS = roles(Role.AUDITOR, scope=Scope.PROVINCE)


class DatasetForm(forms.Form):
    name = forms.CharField(label=_lazy("Name"), max_length=200, help_text=_lazy("For example: Kota Bandung 2025."))
    file = forms.FileField(
        label=_lazy("OCDS file"),
        allow_empty_file=False,
        help_text=_lazy(
            "Compiled releases as JSON Lines or JSON, a release package or a record package. What is larger than the "
            "portal takes at once can be read by “manage.py flags --ocds”."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.jsonl,.ndjson,application/json"}),
    )


@access(AUDITORS)
def datasets(request: SignedInRequest) -> HttpResponse:
    form = DatasetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        dataset = external_data.receive(name=form.cleaned_data["name"], file=form.cleaned_data["file"], by=request.user)
        queue.send_after_commit("procurement.red_flags.tasks.take_over_outside", dataset.pk)
        return redirect("procurement:outside-dataset", dataset.pk)
    rows = OutsideDataset.objects.visible_to(request.user).select_related("loaded_by")
    context = {"form": form, "page": page_of(request, rows)}
    return render(request, "procurement/red_flags/outside_datasets.html", context, status=422 if form.errors else 200)


@access(AUDITORS)
def dataset(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """How far the loading is; then the flags."""
    row = get_object_or_404(OutsideDataset.objects.visible_to(request.user).select_related("loaded_by"), pk=pk)
    visible = Flag.objects.visible_to(request.user).filter(dataset=row, closed_at__isnull=True)
    found = OutsideFlagFilter(request.GET, queryset=visible)
    context = {
        "dataset": row,
        "is_running": row.state in UNDERWAY_STATES,
        "filter": found,
        "counts": presenters.counts_by_rule(found.qs),
        "told": [(number, why) for number, why in row.refused][:50],
    }
    table = OutsideFlagTable(found.qs.order_by("code", "key"), request=request)
    return list_response(request, "procurement/red_flags/outside_dataset.html", table, context, name="bendera-luar")


@require_POST
@access(AUDITORS)
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OutsideDataset.objects.visible_to(request.user), pk=pk)
    external_data.remove(row, by=request.user)
    messages.success(request, _("The data set is removed."))
    return redirect("procurement:outside-datasets")
