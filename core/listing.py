"""Lists page by page: the page's rows, its number and a link that keeps the filters."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS_PER_PAGE = 50


def page_of(request: HttpRequest, queryset: QuerySet[Any] | Sequence[Any], per_page: int = ROWS_PER_PAGE) -> Page[Any]:
    """The page that `?halaman=` names; the nearest one for a number that does not exist. Two queries."""
    return Paginator(queryset, per_page).get_page(request.GET.get("halaman"))


def kept_filters(request: HttpRequest) -> str:
    """The query string without the page, to be put in front of `halaman=`."""
    kept = request.GET.copy()
    kept.pop("halaman", None)
    return kept.urlencode()
