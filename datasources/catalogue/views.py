"""Sources and what they offer: entering a source, reading its catalogue, making a series of an entry."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import access
from core.audit import history_of
from core.htmx import render_partial
from core.models import Region
from core.pagination import kept_filters, page_of
from core.request_values import plain_text, whole_number
from core.versioning import merge, seen_of, was_changed
from datasources.catalogue import services as catalogue
from datasources.catalogue.forms import SourceForm
from datasources.choices import CatalogueState
from datasources.connectors.registry import all_connectors, connector_for
from datasources.models import CatalogueEntry, Series, Source
from datasources.series.edit_views import _series_form
from datasources.series.views import STEWARDS

ENTRIES_A_PAGE = 20


@access(STEWARDS)
def edit_source(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    rows = Source.objects.select_for_update() if request.method == "POST" else Source.objects.all()
    row = get_object_or_404(rows, pk=pk) if pk else None
    shown = SourceForm(instance=row)
    seen, conflict = seen_of(shown), None
    form = SourceForm(request.POST or None, instance=row)
    if row is not None and was_changed(request.POST, shown):
        merged = merge(request.POST, (form, shown))
        form, conflict = SourceForm(merged.data, instance=row), merged.conflict or None
    if request.method == "POST" and conflict is None and form.is_valid():
        saved = catalogue.save_source(source=form.save(commit=False), by=request.user)
        messages.success(request, _("The source is saved."))
        return redirect("datasources:source", saved.pk)
    context: dict[str, Any] = {
        "form": form,
        "seen": seen,
        "conflict": conflict,
        "source": row,
        "kinds": all_connectors(),
        "history": history_of(row) if row else [],
    }
    return render(request, "datasources/catalogue/source_form.html", context, status=200 if conflict is None else 409)


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
    return render_partial(request, "datasources/catalogue/source.html", "entries", context)


@require_POST
@access(STEWARDS)
def refresh_catalogue(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Source, pk=pk)
    if connector_for(row.kind).has_catalogue:
        domain = plain_text(request.POST.get("domain"), limit=4)
        catalogue.request_refresh(source=row, by=request.user, domain=domain if domain.isdecimal() else "")
    return redirect("datasources:source", row.pk)


@access(STEWARDS)
def catalogue_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked every second while the catalogue is read."""
    row = get_object_or_404(Source, pk=pk)
    is_reading = row.catalogue_state in CatalogueState.open_states()
    response = render(request, "datasources/catalogue/catalogue_state.html", {"source": row, "is_reading": is_reading})
    if not is_reading:
        response["HX-Refresh"] = "true"
    return response


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
