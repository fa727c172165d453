"""OCDS for everybody: release packages, record packages page by page, and JSON Lines of a year. Nothing personal in
it."""

import json
from collections.abc import Iterator

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import Scope, access, public
from core.request_values import whole_number
from procurement.models import Package
from procurement.ocds import releases

EVERYBODY = public(Scope.REFERENCE)
PER_PAGE = 100
ETERNITY = range(2000, 2101)


def _year(request: HttpRequest) -> int | None:
    """The fiscal year asked for, this year without one; None when it is none."""
    year = whole_number(request.GET.get("tahun", str(timezone.localdate().year)), digits=4)
    return year if year in ETERNITY else None


def _refused() -> JsonResponse:
    return JsonResponse({"detail": _("“tahun” is a year with four digits, for example 2026.")}, status=400)


@access(EVERYBODY)
def release_package(request: HttpRequest) -> JsonResponse:
    return _package(request, "releases")


@access(EVERYBODY)
def record_package(request: HttpRequest) -> JsonResponse:
    return _package(request, "records")


def _package(request: HttpRequest, kind: str) -> JsonResponse:
    """`?tahun=` chooses the year, `?halaman=` the page, `?ekstensi=1` names the extensions by address."""
    year = _year(request)
    if year is None:
        return _refused()
    pages = Paginator(Package.objects.of_year(year).order_by("pk").values_list("pk", flat=True), PER_PAGE)
    page = pages.get_page(request.GET.get("halaman"))
    items = list(releases.releases(list(page.object_list)))
    if kind == "records":
        items = [releases.record_of(item) for item in items]
    address = f"{settings.PORTAL_ADDRESS}{reverse(f'procurement:ocds-{kind}')}?tahun={year}"
    following = f"{address}&halaman={page.next_page_number()}" if page.has_next() else ""
    package = releases.package_of(
        kind,
        items,
        address=f"{address}&halaman={page.number}",
        next_address=following,
        with_extensions=request.GET.get("ekstensi") == "1",
    )
    response = JsonResponse(package, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=300"
    return response


@access(EVERYBODY)
def bulk(request: HttpRequest) -> HttpResponseBase:
    """Compiled releases of a year, one a line."""
    year = _year(request)
    if year is None:
        return _refused()

    def lines() -> Iterator[str]:
        for text in releases.release_texts(Package.objects.of_year(year), is_compiled=True):
            yield json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) + "\n"

    response = StreamingHttpResponse(lines(), content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ocds-kaltim-{year}.jsonl"'
    response["Cache-Control"] = "public, max-age=300"
    return response
