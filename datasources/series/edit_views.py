"""What a data steward does in the browser: sources, their catalogues, setting up a series, pulls, versions,
schedule.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core import audit
from core.access import access
from core.audit import history_of
from core.htmx import render_partial
from datasources.connectors.registry import connector_for
from datasources.models import Pull, RegionMapping, Series
from datasources.pulls import services as pulls
from datasources.series.forms import (
    HandInForm,
    RegionsForm,
    SeriesForm,
    VersionReasonForm,
    YearsForm,
    query_form_of,
)
from datasources.series.observation_versions import release, roll_back
from datasources.series.views import STEWARDS, STOP_POLLING

# -- sources ---------------------------------------------------------------------------------------------------------


# -- setting up a series ---------------------------------------------------------------------------------------------


@access(STEWARDS)
def edit_series(request: SignedInRequest, pk: int) -> HttpResponse:
    return _series_form(request, get_object_or_404(Series.objects.select_related("source"), pk=pk))


def _series_form(request: SignedInRequest, row: Series) -> HttpResponse:
    connector = connector_for(row.source.kind)
    form = SeriesForm(request.POST or None, instance=row, source=row.source)
    query_form = query_form_of(connector, request.POST or None, row.query)
    if request.method == "POST" and form.is_valid() and query_form.is_valid():
        try:
            with transaction.atomic():
                saved = form.save_with(query_form.to_query())
                audit.record("series.saved", saved, by=request.user)
                if not connector.takes_files:
                    pulls.request_pull(series=saved, by=request.user, is_trial=True)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The series is saved. Look at what it brings, then switch it on."))
            return redirect("datasources:setup", saved.pk)
    context = {
        "form": form,
        "query_form": query_form,
        "series": row if row.pk else None,
        "source": row.source,
        "connector": connector,
        "history": history_of(row) if row.pk else [],
    }
    return render(request, "datasources/series/series_form.html", context)


def _of(pk: int) -> Series:
    return get_object_or_404(Series.objects.select_related("source"), pk=pk)


@access(STEWARDS)
def setup(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a series would bring: ten rows, its periods, its unit, which region each row is. While a trial runs, asks
    again."""
    row = _of(pk)
    trial = row.pulls.filter(is_trial=True).order_by("-pk").first()
    preview = trial.preview if trial else {}
    regions_form = RegionsForm(preview.get("regions", []), _mapped(row))
    context = {
        "series": row,
        "connector": connector_for(row.source.kind),
        "trial": trial,
        "preview": preview,
        "sample_rows": [[record.get(name, "") for name in preview["fields"]] for record in preview.get("sample", [])],
        "regions_form": regions_form,
        "undecided": sum(1 for line, field in regions_form.lines() if not field.initial),
        "hand_in_form": HandInForm(initial={"is_trial": True}),
        "years_form": YearsForm(),
    }
    response = render_partial(request, "datasources/series/setup.html", "trial", context)
    if trial is not None and not trial.is_open and request.headers.get("HX-Request") == "true":
        response.status_code = STOP_POLLING
        response["HX-Refresh"] = "true"
    return response


def _mapped(row: Series) -> dict[tuple[str, str], int | None]:
    return {(mapping.code, mapping.label): mapping.region_id for mapping in RegionMapping.objects.filter(series=row)}


@require_POST
@access(STEWARDS)
def try_series(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _of(pk)
    pulls.request_pull(series=row, by=request.user, is_trial=True)
    return redirect("datasources:setup", row.pk)


@require_POST
@access(STEWARDS)
def map_regions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep which region each row of the last trial is; the whole set is replaced in one go."""
    row = _of(pk)
    trial = row.pulls.filter(is_trial=True).order_by("-pk").first()
    form = RegionsForm((trial.preview if trial else {}).get("regions", []), _mapped(row), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a region from the list for each row."))
        return redirect("datasources:setup", row.pk)
    decisions = form.decisions(row)
    with transaction.atomic():
        Series.objects.select_for_update(of=("self",)).get(pk=row.pk)
        there = {(mapping.code, mapping.label): mapping for mapping in row.region_mappings.all()}
        wanted = {(mapping.code, mapping.label): mapping for mapping in decisions}
        for key, mapping in there.items():
            new = wanted.get(key)
            if new is None:
                mapping.delete()
            elif (new.region_id, new.mapped_by) != (mapping.region_id, mapping.mapped_by):
                mapping.region_id, mapping.mapped_by = new.region_id, new.mapped_by
                mapping.save()
        RegionMapping.objects.bulk_create([mapping for key, mapping in wanted.items() if key not in there])
        audit.record("series.regions_mapped", row, by=request.user, rows=len(wanted))
    messages.success(request, _("The regions of this series are kept."))
    return redirect("datasources:setup", row.pk)


@require_POST
@access(STEWARDS)
def switch_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """On: pulled at once and then by the schedule. Off: its figures stay, nothing new is fetched."""
    row = _of(pk)
    row.is_active = request.POST.get("on") == "1"
    row.save(update_fields=["is_active"])
    audit.record("series.switched_on" if row.is_active else "series.switched_off", row, by=request.user)
    if not row.is_active:
        messages.success(request, _("The series is switched off. Its figures stay."))
        return redirect("datasources:series", row.pk)
    if connector_for(row.source.kind).takes_files:
        messages.success(request, _("The series is switched on. Hand in its first file."))
        return redirect("datasources:series", row.pk)
    pull = pulls.request_pull(series=row, by=request.user)
    return redirect("datasources:pull", pull.pk)


# -- pulls and versions ----------------------------------------------------------------------------------------------


@require_POST
@access(STEWARDS)
def roll_back_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the pull whose figures shall hold again."""
    to = get_object_or_404(Pull.objects.select_related("series"), pk=pk)
    form = VersionReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in a few words: it stays in the history of the series."))
        return redirect("datasources:versions", to.series_id)
    try:
        pull = roll_back(series=to.series, to=to, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("datasources:versions", to.series_id)
    text = _("The figures of that version hold again: %(count)s changed. The series is held until you release it.")
    messages.success(request, text % {"count": pull.added + pull.revised + pull.missing})
    return redirect("datasources:versions", to.series_id)


@require_POST
@access(STEWARDS)
def release_series(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _of(pk)
    form = VersionReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in a few words: it stays in the history of the series."))
        return redirect("datasources:versions", row.pk)
    try:
        release(series=row, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The series is pulled by the schedule again."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("datasources:versions", row.pk)


# -- the schedule ----------------------------------------------------------------------------------------------------
