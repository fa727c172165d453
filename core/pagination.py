"""Lists page by page: the page's rows, its number and a link that keeps the filters."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS_PER_PAGE = 25  # a phone shows each as a card
MOST_COUNTED = 100_000


class ListPaginator(Paginator):
    """Counts up to MOST_COUNTED rows: nobody turns that many pages, and a page must not wait for five million rows."""

    @cached_property
    def count(self) -> int:
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()

    @property
    def is_cut(self) -> bool:
        """There are more than are counted."""
        return self.count > MOST_COUNTED

    @property
    def counted(self) -> int:
        return min(self.count, MOST_COUNTED)


def page_of(
    request: HttpRequest,
    queryset: QuerySet[Any] | Sequence[Any],
    per_page: int = ROWS_PER_PAGE,
    *,
    fill: Callable[[Any], QuerySet[Any]] | None = None,
) -> Page[Any]:
    """The page that `?halaman=` names; the nearest one for a number that does not exist. Two queries.

    `fill` adds to the rows of this page what is dear to work out (a third query): joins and counts that would otherwise
    be made for every row before the page is cut.
    """
    if fill is None or not isinstance(queryset, QuerySet):
        return ListPaginator(queryset, per_page).get_page(request.GET.get("halaman"))
    page = ListPaginator(queryset.values_list("pk", flat=True), per_page).get_page(request.GET.get("halaman"))
    keys = list(page.object_list)
    rows = {row.pk: row for row in fill(queryset.model._default_manager.filter(pk__in=keys))}  # noqa: SLF001
    page.object_list = [rows[key] for key in keys if key in rows]
    return page


def kept_filters(request: HttpRequest) -> str:
    """The query string without the page, to be put in front of `halaman=`."""
    kept = request.GET.copy()
    for name in ("halaman", "unduh"):
        kept.pop(name, None)
    return kept.urlencode()
