"""What a data steward does with a series in the browser: setting it up, trying it, switching it, its versions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import access
from core.audit import history_of
from core.form_pages import form_on
from core.htmx import render_partial
from core.outcomes import tell_refusal
from core.versioning import joined, seen_of
from datasources.connectors.registry import connector_for
from datasources.models import Pull, RegionMapping, Series
from datasources.pulls import services as pulls
from datasources.series import services as series
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

# -- setting up a series ---------------------------------------------------------------------------------------------


@access(STEWARDS)
def edit_series(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Series.objects.select_related("source")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    return _series_form(request, get_object_or_404(rows, pk=pk))


def _series_form(request: SignedInRequest, row: Series) -> HttpResponse:
    connector = connector_for(row.source.kind)
    shown = SeriesForm(instance=row, source=row.source), query_form_of(connector, None, row.query)
    typed = SeriesForm(request.POST or None, instance=row, source=row.source)
    sent, conflict = joined(
        request.POST, (typed, shown[0]), (query_form_of(connector, request.POST or None, row.query), shown[1])
    )
    form = SeriesForm(sent, instance=row, source=row.source)
    query_form = query_form_of(connector, sent, row.query)
    if request.method == "POST" and conflict is None and form.is_valid() and query_form.is_valid():
        try:
            saved = series.save_series(series=form.to_series(), query=query_form.to_query(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The series is saved. Look at what it brings, then switch it on."))
            return redirect("datasources:setup", saved.pk)
    context = {
        "form": form,
        "query_form": query_form,
        "seen": seen_of(*shown),
        "conflict": conflict,
        "series": row if row.pk else None,
        "source": row.source,
        "connector": connector,
        "history": history_of(row) if row.pk else [],
    }
    return render(request, "datasources/series/series_form.html", context, status=200 if conflict is None else 409)


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
@form_on(lambda _request, pk: reverse("datasources:setup", args=[pk]))
@access(STEWARDS)
def try_series(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _of(pk)
    pulls.request_pull(series=row, by=request.user, is_trial=True)
    return redirect("datasources:setup", row.pk)


@require_POST
@form_on(lambda _request, pk: reverse("datasources:setup", args=[pk]))
@access(STEWARDS)
def map_regions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep which region each row of the last trial is; the whole set is replaced in one go."""
    row = _of(pk)
    trial = row.pulls.filter(is_trial=True).order_by("-pk").first()
    form = RegionsForm((trial.preview if trial else {}).get("regions", []), _mapped(row), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a region from the list for each row."))
        return redirect("datasources:setup", row.pk)
    series.map_regions(series=row, mappings=form.decisions(row), by=request.user)
    messages.success(request, _("The regions of this series are kept."))
    return redirect("datasources:setup", row.pk)


@require_POST
@access(STEWARDS)
def switch_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """On: pulled at once and then by the schedule. Off: its figures stay, nothing new is fetched."""
    row = _of(pk)
    if request.POST.get("on") != "1":
        series.switch_off(series=row, by=request.user)
        messages.success(request, _("The series is switched off. Its figures stay."))
        return redirect("datasources:series", row.pk)
    pull = series.switch_on(series=row, by=request.user)
    if pull is None:
        messages.success(request, _("The series is switched on. Hand in its first file."))
        return redirect("datasources:series", row.pk)
    return redirect("datasources:pull", pull.pk)


# -- pulls and versions ----------------------------------------------------------------------------------------------


def _pull(pk: int) -> Pull:
    return get_object_or_404(Pull.objects.select_related("series"), pk=pk)


@require_POST
@form_on(lambda _request, pk: reverse("datasources:versions", args=[_pull(pk).series_id]))
@access(STEWARDS)
def roll_back_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the pull whose figures shall hold again."""
    to = _pull(pk)
    form = VersionReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in a few words: it stays in the history of the series."))
        return redirect("datasources:versions", to.series_id)
    try:
        pull = roll_back(series=to.series, to=to, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        tell_refusal(request, error)
        return redirect("datasources:versions", to.series_id)
    text = _("The figures of that version hold again: %(count)s changed. The series is held until you release it.")
    messages.success(request, text % {"count": pull.added + pull.revised + pull.missing})
    return redirect("datasources:versions", to.series_id)


@require_POST
@form_on(lambda _request, pk: reverse("datasources:versions", args=[pk]))
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
        tell_refusal(request, error)
    return redirect("datasources:versions", row.pk)
