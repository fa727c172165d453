"""The public page and the open data: no sign-in, nothing personal, the same for everybody and therefore cacheable."""

import csv
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import condition, require_safe

from core.access import Scope, access, public
from core.exports.formulas import safe_text
from core.request_values import whole_number
from dashboards.fragment_cache import FRAGMENT_SECONDS
from dashboards.models import SummaryState
from dashboards.public import presenters
from dashboards.public.open_data import DATASETS, LICENCE, LICENCE_ADDRESS, OpenDataset
from programs.reports.years import reporting_year

EVERYBODY = public(Scope.REFERENCE)
YEARS_BACK = 5
ROWS_A_PAGE = 1000


class _Line:
    """What csv.writer writes to, a line at a time."""

    def write(self, text: str) -> str:
        return text


def _year(request: HttpRequest) -> int:
    """`?tahun=`; the newest year that reports for anything that is none of the years shown."""
    today = timezone.localdate()
    year = whole_number(request.GET.get("tahun"), digits=4)
    return year if year and today.year - YEARS_BACK <= year <= today.year else reporting_year(today)


def _etag(request: HttpRequest, **_more: object) -> str:
    return f'"{SummaryState.current().version}-{timezone.localdate()}-{_year(request)}"'


@require_safe
@access(EVERYBODY)
@condition(etag_func=_etag)
def public_page(request: HttpRequest) -> HttpResponse:
    """SPM, programmes, results, procurement, services and where the figures come from."""
    year, today = _year(request), timezone.localdate()
    as_of = SummaryState.current()
    context = {
        "year": year,
        "years": range(today.year, today.year - YEARS_BACK - 1, -1),
        "as_of": as_of.as_of,
        "cache_key": f"{as_of.version}:{today}:{year}",
        "cached_seconds": FRAGMENT_SECONDS,
        "page": SimpleLazyObject(lambda: presenters.public_page(year)),
    }
    return render(request, "dashboards/public/page.html", context)


def _dataset(name: str) -> OpenDataset:
    if name not in DATASETS:
        raise Http404
    return DATASETS[name]


@require_safe
@access(EVERYBODY)
@condition(etag_func=_etag)
def open_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """The whole dataset of a year: UTF-8, comma, point for decimals, first line the names of the columns."""
    dataset, year = _dataset(name), _year(request)
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield writer.writerow(dataset.header)
        for row in dataset.rows(year):
            yield writer.writerow([safe_text(value) if isinstance(value, str) else value for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kaltim-{name}-{year}.csv"'
    return response


@require_safe
@access(EVERYBODY)
@condition(etag_func=_etag)
def open_json(request: HttpRequest, name: str) -> JsonResponse:
    """`?tahun=` and `?halaman=`: a thousand rows a page, with licence, dictionary and the address of the next page."""
    dataset, year = _dataset(name), _year(request)
    number = max(whole_number(request.GET.get("halaman")) or 1, 1)
    first = (number - 1) * ROWS_A_PAGE
    rows = list(dataset.rows(year, first, first + ROWS_A_PAGE + 1))
    address = f"{settings.PORTAL_ADDRESS}{reverse('open-json', args=[name])}?tahun={year}"
    answer = {
        "dataset": name,
        "judul": str(dataset.title),
        "sumber": str(dataset.source),
        "penerbit": settings.PUBLISHER_NAME,
        "lisensi": LICENCE,
        "alamat_lisensi": LICENCE_ADDRESS,
        "kamus": f"{settings.PORTAL_ADDRESS}{reverse('open-dictionary')}#{name}",
        "tahun": year,
        "per": SummaryState.current().as_of.isoformat(),
        "halaman": number,
        "berikutnya": f"{address}&halaman={number + 1}" if len(rows) > ROWS_A_PAGE else None,
        "data": [dict(zip(dataset.header, row, strict=True)) for row in rows[:ROWS_A_PAGE]],
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@require_safe
@access(EVERYBODY)
def open_dictionary(request: HttpRequest) -> HttpResponse:
    """Every column of every dataset: what it is, in which unit, from where."""
    context = {
        "datasets": DATASETS.values(),
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "year": reporting_year(timezone.localdate()),
    }
    return render(request, "dashboards/public/dictionary.html", context)
