from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import Scope, access, signed_in
from dashboards.guides.sections import guides, section_of

READERS = signed_in(Scope.NOTHING)


@require_safe
@access(READERS)
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboards/guides/guides.html", {"guides": guides().values()})


@require_safe
@access(READERS)
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """One guide, to read and to print."""
    found = guides().get(key)
    if found is None:
        raise Http404
    return render(request, "dashboards/guides/guide.html", {"guide": found})


@require_safe
@access(READERS)
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """The section of one page, for the panel “?” of that page."""
    section = section_of(name)
    if section is None:
        raise Http404
    return render(request, "dashboards/guides/panel.html", {"section": section})
