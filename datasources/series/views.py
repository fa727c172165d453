"""Reference data: the series, their figures with provenance, pulls to watch, sources for the steward."""

from typing import Any

from django import forms
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles, signed_in
from core.choices import Role
from core.pagination import kept_filters, page_of
from core.request_values import whole_number
from core.tables import list_response
from datasources.choices import PullState
from datasources.connectors.registry import connector_for
from datasources.models import Observation, Pull, Series, Source
from datasources.series.charts import series_chart
from datasources.series.filters import SeriesFilter
from datasources.series.forms import HandInForm, VersionReasonForm, YearsForm, query_form_of
from datasources.series.observation_versions import compare
from datasources.series.pivot import figures_table
from datasources.series.tables import SeriesTable

READERS = signed_in(Scope.REFERENCE)
STEWARDS = roles(Role.DATA_STEWARD, scope=Scope.REFERENCE)
VERSIONS_A_PAGE = 20
PULLS_SHOWN = 10
STOP_POLLING = 286  # htmx: the answer is final


@access(READERS)
def series_list(request: SignedInRequest) -> HttpResponseBase:
    last = Pull.objects.filter(series=OuterRef("pk"), is_trial=False).order_by("-pk")
    rows = (
        Series.objects.visible_to(request.user)
        .select_related("source")
        .annotate(last_state=Subquery(last.values("state")[:1]), last_problem=Subquery(last.values("problem")[:1]))
        .order_by("name")
    )
    found = SeriesFilter(request.GET, queryset=rows)
    context = {
        "filter": found,
        "sources": Source.objects.annotate(series_count=Count("series")),
        "is_steward": STEWARDS.admits(request.user),
    }
    table = SeriesTable(found.qs, request=request)
    return list_response(request, "datasources/series/series_list.html", table, context, name="acuan")


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
        "facts": query_facts(row),
        "takes_files": connector_for(row.source.kind).takes_files,
        "parts": row.parts.all(),
        "used_by": row.used_by.all(),
        "missing": [figure for figure in figures if figure.missing_since],
        "hand_in_form": HandInForm(),
        "years_form": YearsForm(),
        "table": figures_table(figures),
        "chart": series_chart(row, figures),
        "pulls": row.pulls.filter(is_trial=False).select_related("requested_by")[:PULLS_SHOWN],
        "is_steward": STEWARDS.admits(request.user),
        "revisions": row.observations.filter(superseded_at__isnull=False).count(),
    }
    return render(request, "datasources/series/series.html", context)


def query_facts(row: Series) -> list[tuple[Any, str]]:
    """What the series asks its source for, as (label, value), in the words of the source's own form."""
    form = query_form_of(connector_for(row.source.kind), None, row.query)
    found = []
    for name, field in form.fields.items():
        if row.query.get(name) in (None, ""):
            continue
        value = row.query[name]
        choices = {} if isinstance(field, forms.ModelChoiceField) else dict(getattr(field, "choices", []) or [])
        found.append((field.label, str(choices.get(value, value))))
    return found


@access(READERS)
def versions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every good pull ends in a version of the series; two of them side by side, and the way back for a steward."""
    row = _series(request, pk)
    good = row.pulls.filter(state=PullState.DONE, is_trial=False).select_related("requested_by", "rolled_back_to")
    page = page_of(request, good, VERSIONS_A_PAGE)
    wanted = {number for name in ("dari", "ke") if (number := whole_number(request.GET.get(name))) is not None}
    chosen = sorted(good.filter(pk__in=wanted), key=lambda pull: pull.pk)
    before, after = (chosen[0], chosen[-1]) if len(chosen) > 1 else (None, chosen[0] if chosen else None)
    context = {
        "series": row,
        "page": page,
        "kept_filters": kept_filters(request),
        "before": before,
        "after": after,
        "differences": compare(before, after) if before and after else [],
        "is_steward": STEWARDS.admits(request.user),
        "reason_form": VersionReasonForm(),
        "newest": good.first(),
    }
    return render(request, "datasources/series/versions.html", context)


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
    return render(request, "datasources/series/figure_history.html", {"figure": row, "versions": versions})
