"""Reference data: the series, their figures with provenance, pulls to watch, sources for the steward."""

import gzip
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from core import audit
from core.access import Scope, access, roles, signed_in
from core.audit import history_of
from core.choices import Role
from core.htmx import render_partial
from core.listing import kept_filters, page_of
from datasources import services
from datasources.charts import series_chart
from datasources.filters import SeriesFilter
from datasources.forms import SeriesForm, SourceForm
from datasources.models import Observation, Payload, Pull, Series, Source
from datasources.tables import figures_table

READERS = signed_in(Scope.REFERENCE)
STEWARDS = roles(Role.DATA_STEWARD, scope=Scope.REFERENCE)
PULLS_SHOWN = 10
STOP_POLLING = 286  # htmx: the answer is final


@access(READERS)
def series_list(request: SignedInRequest) -> HttpResponse:
    last = Pull.objects.filter(series=OuterRef("pk")).order_by("-pk")
    rows = (
        Series.objects.visible_to(request.user)
        .select_related("source")
        .annotate(last_state=Subquery(last.values("state")[:1]), last_problem=Subquery(last.values("problem")[:1]))
        .order_by("name")
    )
    found = SeriesFilter(request.GET, queryset=rows)
    context = {
        "filter": found,
        "page": page_of(request, found.qs),
        "kept_filters": kept_filters(request),
        "sources": Source.objects.all(),
        "is_steward": STEWARDS.admits(request.user),
    }
    return render_partial(request, "datasources/series_list.html", "results", context)


def _series(request: SignedInRequest, pk: int) -> Series:
    return get_object_or_404(Series.objects.visible_to(request.user).select_related("source"), pk=pk)


@access(READERS)
def series(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _series(request, pk)
    figures = list(
        Observation.objects.current()
        .filter(series=row)
        .select_related("region")
        .order_by("region__kemendagri_code", "period")
    )
    context = {
        "series": row,
        "table": figures_table(figures),
        "chart": series_chart(row, figures),
        "pulls": row.pulls.select_related("requested_by", "payload").defer("payload__body")[:PULLS_SHOWN],
        "is_steward": STEWARDS.admits(request.user),
        "revisions": row.observations.filter(superseded_at__isnull=False).count(),
    }
    return render(request, "datasources/series.html", context)


@access(READERS)
def figure_history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every version of one official figure, and the raw answer that each came from."""
    row = get_object_or_404(
        Observation.objects.visible_to(request.user).select_related("series__source", "region"), pk=pk
    )
    versions = (
        Observation.objects.filter(series=row.series, region=row.region, period=row.period)
        .select_related("payload")
        .defer("payload__body")
        .order_by("-fetched_at")
    )
    return render(request, "datasources/figure_history.html", {"figure": row, "versions": versions})


@require_safe
@access(READERS)
def payload(request: SignedInRequest, pk: int) -> HttpResponse:
    """The raw answer as it came, as a file: never shown as a page, whatever it claims to be."""
    del request
    row = get_object_or_404(Payload, pk=pk)
    response = HttpResponse(gzip.decompress(row.body), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="jawaban-{row.pk}-{row.sha256[:12]}.json"'
    return response


@require_POST
@access(STEWARDS)
def pull_now(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _series(request, pk)
    pull = services.request_pull(series=row, by=request.user)
    return redirect("datasources:pull", pull.pk)


@require_safe
@access(READERS)
def pull(request: SignedInRequest, pk: int) -> HttpResponse:
    """One pull; while it is open the page asks again every second."""
    row = get_object_or_404(
        Pull.objects.visible_to(request.user)
        .select_related("series__source", "requested_by", "payload")
        .defer("payload__body"),
        pk=pk,
    )
    response = render_partial(request, "datasources/pull.html", "progress", {"pull": row})
    if not row.is_open and request.headers.get("HX-Request") == "true":
        response.status_code = STOP_POLLING
    return response


@access(STEWARDS)
def edit_source(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(Source, pk=pk) if pk else None
    form = SourceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        audit.record("source.saved", saved, by=request.user)
        messages.success(request, _("The source is saved."))
        return redirect("datasources:series-list")
    context: dict[str, Any] = {"form": form, "source": row, "history": history_of(row) if row else []}
    return render(request, "datasources/source_form.html", context)


@access(STEWARDS)
def edit_series(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    row = _series(request, pk) if pk else None
    form = SeriesForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        audit.record("series.saved", saved, by=request.user)
        messages.success(request, _("The series is saved. Pull it now to see its figures."))
        return redirect("datasources:series", saved.pk)
    context = {"form": form, "series": row, "history": history_of(row) if row else []}
    return render(request, "datasources/series_form.html", context)
