"""What a data steward does in the browser: sources, their catalogues, setting up a series, pulls, versions, schedule."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_celery_beat.models import PeriodicTask

from accounts.middleware import SignedInRequest
from core import audit
from core.access import access
from core.audit import history_of
from core.htmx import render_partial
from core.models import Region
from core.pagination import kept_filters, page_of
from core.request_values import plain_text, whole_number
from datasources import catalogue, schedule, services
from datasources.choices import CatalogueState
from datasources.connectors.registry import all_connectors, connector_for
from datasources.forms import (
    HandInForm,
    ReasonForm,
    RegionsForm,
    RhythmForm,
    SeriesForm,
    SourceForm,
    YearsForm,
    query_form_of,
)
from datasources.models import CatalogueEntry, Pull, RegionMapping, Series, Source
from datasources.versions import release, roll_back
from datasources.views import STEWARDS, STOP_POLLING

ENTRIES_A_PAGE = 20


# -- sources ---------------------------------------------------------------------------------------------------------


@access(STEWARDS)
def edit_source(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(Source, pk=pk) if pk else None
    form = SourceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        audit.record("source.saved", saved, by=request.user)
        messages.success(request, _("The source is saved."))
        return redirect("datasources:source", saved.pk)
    context: dict[str, Any] = {
        "form": form,
        "source": row,
        "kinds": all_connectors(),
        "history": history_of(row) if row else [],
    }
    return render(request, "datasources/source_form.html", context)


@access(STEWARDS)
def source(request: SignedInRequest, pk: int) -> HttpResponse:
    """A source: its series, and what else it offers, searchable."""
    row = get_object_or_404(Source, pk=pk)
    words = plain_text(request.GET.get("q"), limit=100)
    context = {
        "source": row,
        "connector": connector_for(row.kind),
        "series": row.series.order_by("name"),
        "q": words,
        "page": page_of(request, catalogue.search(row, words), ENTRIES_A_PAGE),
        "kept_filters": kept_filters(request),
        "is_reading": row.catalogue_state in CatalogueState.open_states(),
        "entry_count": row.catalogue.count(),
        "regions": Region.objects.regencies(),
    }
    return render_partial(request, "datasources/source.html", "entries", context)


@require_POST
@access(STEWARDS)
def refresh_catalogue(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Source, pk=pk)
    if connector_for(row.kind).has_catalogue:
        domain = plain_text(request.POST.get("domain"), limit=4)
        catalogue.request_refresh(source=row, by=request.user, domain=domain if domain.isdigit() else "")
    return redirect("datasources:source", row.pk)


@access(STEWARDS)
def catalogue_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked every second while the catalogue is read."""
    row = get_object_or_404(Source, pk=pk)
    is_reading = row.catalogue_state in CatalogueState.open_states()
    response = render(request, "datasources/catalogue_state.html", {"source": row, "is_reading": is_reading})
    if not is_reading:
        response["HX-Refresh"] = "true"
    return response


# -- setting up a series ---------------------------------------------------------------------------------------------


@access(STEWARDS)
def new_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """A series of the source, from an entry of its catalogue or from nothing. It is a draft until it is switched on."""
    row = get_object_or_404(Source, pk=pk)
    number = whole_number(request.GET.get("entri"))
    entry = CatalogueEntry.objects.filter(source=row, pk=number).first() if number is not None else None
    draft = Series(source=row, is_active=False)
    if entry is not None:
        draft.query, draft.name, draft.unit, draft.source_unit = entry.query, entry.title[:200], entry.unit, entry.unit
    return _series_form(request, draft)


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
                    services.request_pull(series=saved, by=request.user, is_trial=True)
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
    return render(request, "datasources/series_form.html", context)


def _of(pk: int) -> Series:
    return get_object_or_404(Series.objects.select_related("source"), pk=pk)


@access(STEWARDS)
def setup(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a series would bring: ten rows, its periods, its unit, which region each row is. While a trial runs, asks again."""
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
    response = render_partial(request, "datasources/setup.html", "trial", context)
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
    services.request_pull(series=row, by=request.user, is_trial=True)
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
    pull = services.request_pull(series=row, by=request.user)
    return redirect("datasources:pull", pull.pk)


# -- pulls and versions ----------------------------------------------------------------------------------------------


@require_POST
@access(STEWARDS)
def pull_now(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _of(pk)
    form = YearsForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("datasources:series", row.pk)
    pull = services.request_pull(series=row, by=request.user, years=form.years())
    return redirect("datasources:pull", pull.pk)


@require_POST
@access(STEWARDS)
def hand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _of(pk)
    form = HandInForm(request.POST, request.FILES)
    if not connector_for(row.source.kind).takes_files:
        messages.error(request, _("This series is fetched from its source; files are not handed in for it."))
        return redirect("datasources:series", row.pk)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("datasources:series", row.pk)
    file = form.cleaned_data["file"]
    is_trial = form.cleaned_data["is_trial"]
    try:
        pull = services.hand_in(series=row, body=file.read(), name=file.name, by=request.user, is_trial=is_trial)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("datasources:series", row.pk)
    return redirect("datasources:setup", row.pk) if is_trial else redirect("datasources:pull", pull.pk)


@require_POST
@access(STEWARDS)
def roll_back_series(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the pull whose figures shall hold again."""
    to = get_object_or_404(Pull.objects.select_related("series"), pk=pk)
    form = ReasonForm(request.POST)
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
    form = ReasonForm(request.POST)
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


@access(STEWARDS)
def schedule_list(request: SignedInRequest) -> HttpResponse:
    rows = [
        {"task": row, "name": schedule.DESCRIPTIONS.get(row.name, row.name), "rhythm": schedule.rhythm_of(row)}
        for row in PeriodicTask.objects.select_related("interval", "crontab").order_by("name")
    ]
    return render(request, "datasources/schedule.html", {"rows": rows})


@access(STEWARDS)
def edit_schedule(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PeriodicTask.objects.select_related("interval", "crontab"), pk=pk)
    rhythm = schedule.rhythm_of(row)
    initial: dict[str, Any] = {"is_enabled": row.enabled, "kind": "daily"}
    if rhythm is not None and rhythm.seconds is not None:
        initial |= {"kind": "every", "minutes": max(1, rhythm.seconds // 60)}
    elif rhythm is not None:
        initial["time"] = f"{rhythm.hour:02d}:{rhythm.minute:02d}"
    form = RhythmForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if row.name in schedule.ALWAYS_ON and not form.cleaned_data["is_enabled"]:
            form.add_error("is_enabled", _("This one cannot be switched off: without it nothing that waits is done."))
        else:
            with transaction.atomic():
                schedule.set_rhythm(row, form.rhythm())
                row.enabled = form.cleaned_data["is_enabled"]
                row.save()
                audit.record(
                    "schedule.changed", row, by=request.user, reason=form.cleaned_data["reason"], enabled=row.enabled
                )
            messages.success(request, _("The schedule is changed. It takes effect within a minute."))
            return redirect("datasources:schedule")
    context = {"form": form, "task": row, "name": schedule.DESCRIPTIONS.get(row.name, row.name)}
    return render(request, "datasources/schedule_form.html", context)
