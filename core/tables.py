"""Lists as tables: columns declared once serve the screen, a phone, and the files taken from it.

On top of django-tables2: what is dear to work out is filled in for the rows of a page alone, the count stops at
`MOST_COUNTED`, headings sort by `?urut=`, and `?unduh=csv` or `xlsx` gives what the filters left, in the order shown.
"""

import datetime as dt
import html
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django_tables2.columns import BoundColumn
from django_tables2.data import TableQuerysetData

from core import formats
from core.exports.columns import ExportColumn, as_cells, in_house_language, plain_figure
from core.exports.csv_files import write_csv
from core.exports.workbooks import ExportSheet, write_workbook
from core.htmx import render_partial
from core.numbers import round_half_up
from core.pagination import MOST_COUNTED, ROWS_PER_PAGE, ListPaginator, kept_filters
from core.text import shortened

EXACT_DECIMALS = 6  # what figures are stored with
MOST_TAKEN = 20_000  # rows of a file made while somebody waits; the auditor's report has no such limit
AT_ONCE = 1_000
MARKUP = re.compile(r"<[^>]*>")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Fill = Callable[[Any], QuerySet[Any]]


class PagedRows(TableQuerysetData):
    """The rows of a list: keys are sorted and cut first, then `fill` adds joins and counts to those that are shown."""

    data: QuerySet[Any]

    def __init__(self, queryset: QuerySet[Any], fill: Fill | None = None) -> None:
        super().__init__(queryset)
        self.fill = fill
        self._count: int | None = None

    def __len__(self) -> int:
        """Counted up to MOST_COUNTED and one: a page must not wait for five million rows."""
        if self._count is None:
            self._count = self.data.order_by()[: MOST_COUNTED + 1].count()
        return self._count

    def __getitem__(self, key: Any) -> Any:
        return self._filled(list(self.data[key].values_list("pk", flat=True))) if self.fill else self.data[key]

    def __iter__(self) -> Iterator[Any]:
        keys = list(self.data.values_list("pk", flat=True))
        for start in range(0, len(keys), AT_ONCE):
            yield from self._filled(keys[start : start + AT_ONCE])

    def _filled(self, keys: Sequence[Any]) -> list[Any]:
        asked = self.data.model._default_manager.filter(pk__in=keys) if self.fill else self.data.order_by()  # noqa: SLF001
        rows = {row.pk: row for row in (self.fill(asked) if self.fill else asked.filter(pk__in=keys))}
        return [rows[key] for key in keys if key in rows]

    def order_by(self, aliases: Any) -> None:
        """As asked, empty cells last, and by key where that says nothing more: a row stands on one page."""
        before = self.data
        super().order_by(aliases)
        if self.data is before:
            return
        asked = [name for name in self.data.query.order_by if isinstance(name, str)]
        if len(asked) == len(self.data.query.order_by):
            self.data = self.data.order_by(*(_ordering(name) for name in asked), "pk")


def _ordering(name: str) -> Any:
    return F(name[1:]).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)


class TextColumn(tables.Column):
    """Text as it is; `title` makes it the row's heading on a phone, `limit` cuts it on the page but not in files."""

    export_kind, export_width = "text", 24

    def __init__(
        self, *args: Any, title: bool = False, width: int | None = None, limit: int | None = None, **kwargs: Any
    ) -> None:
        self.limit = limit
        if title:
            kwargs.setdefault("attrs", {"td": {"class": "title-cell"}})
            self.export_width = 48
        if width is not None:
            self.export_width = width
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> Any:
        return value if self.limit is None else shortened(value, self.limit)

    def value(self, value: Any, **_given: Any) -> Any:
        return str(value)


class FigureColumn(tables.Column):
    """A number to the right; `write` is one of `core.formats`. Files get the figure as exact as one is stored."""

    export_kind, export_width = "number", 16
    write: Callable[[Any], str] = staticmethod(formats.number)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "num"}, "th": {"class": "num"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return type(self).write(value)

    def value(self, value: Any, **_given: Any) -> Any:
        """A quotient isn't written with the noise of its division, and 95.110000 is 95.11."""
        if not isinstance(value, Decimal | float):
            return value
        return plain_figure(round_half_up(Decimal(str(value)), EXACT_DECIMALS))


class RupiahColumn(FigureColumn):
    export_kind = "rupiah"
    write = staticmethod(formats.rupiah)


class PercentColumn(FigureColumn):
    write = staticmethod(formats.percent)

    def value(self, value: Any, **_given: Any) -> Decimal:
        return round(Decimal(value), 2)


class DayColumn(tables.Column):
    """A day; of a moment the one that the clock in the province showed, in files too."""

    export_kind, export_width = "date", 14

    def render(self, value: Any) -> str:
        return formats.day(value)

    def value(self, value: Any, **_given: Any) -> Any:
        return timezone.localdate(value) if isinstance(value, dt.datetime) else value


class MomentColumn(DayColumn):
    export_kind, export_width = "moment", 20

    def render(self, value: Any) -> str:
        return formats.moment(value)

    def value(self, value: Any, **_given: Any) -> Any:
        return timezone.localtime(value)


class PeriodColumn(tables.Column):
    export_kind, export_width = "text", 18

    def render(self, value: Any) -> str:
        return formats.period(value)

    def value(self, value: Any, **_given: Any) -> str:
        return formats.period(value)


class PartColumn(tables.TemplateColumn):
    """A cell with markup of its own, from a template that gets the row as `record`; files get its words."""

    export_kind, export_width = "text", 24

    def __init__(self, template_name: str, *, title: bool = False, width: int | None = None, **kwargs: Any) -> None:
        if title:
            kwargs.setdefault("attrs", {"td": {"class": "title-cell"}})
        if width is not None:
            self.export_width = width
        super().__init__(template_name=template_name, **kwargs)

    def render(self, **given: Any) -> str:
        """Without the request, as an include with `only` is: its context processors would run for every cell."""
        return SafeString(get_template(self.template_name).render(self.get_context_data(**given)))

    def value(self, **given: Any) -> str:
        """What a person reads in the cell: marks of two elements don't run together."""
        return " ".join(html.unescape(MARKUP.sub(" ", self.render(**given))).split())


class PortalTable(tables.Table):
    """A list of the portal: `PortalTable(queryset, request=request, fill=…)`."""

    rows_per_page = ROWS_PER_PAGE
    named_orders: Mapping[str, str] = {}  # what a link may call an order, and the heading that it means
    offers_files = True  # not where a list has files of its own that leave a trace

    def __init__(self, rows: Any, *, request: HttpRequest, fill: Fill | None = None, **kwargs: Any) -> None:
        data = PagedRows(rows, fill) if isinstance(rows, QuerySet) else rows
        asked = request.GET.get("urut", "")
        super().__init__(data, order_by=self.named_orders.get(asked, asked) or (), default=formats.EMPTY, **kwargs)
        self.request = request  # not handed on: the library would cut to a page of its own

    @property
    def can_be_taken(self) -> bool:
        return self.offers_files and 0 < len(self.data) <= MOST_TAKEN

    def cut(self) -> "PortalTable":
        """To the page that `?halaman=` names; the nearest one for a number that does not exist."""
        self.paginator = ListPaginator(self.rows, self.rows_per_page)
        self.page = self.paginator.get_page(self.request.GET.get("halaman"))
        return self

    def as_html(self, request: HttpRequest) -> SafeString:
        del request
        raise NotImplementedError("pages include components/table.html")

    def export_columns(self) -> list[ExportColumn]:
        """Those on the page, and those with `visible=False`, which stand in files alone."""
        return [
            ExportColumn(
                bound.header,
                _value_of(bound),
                getattr(bound.column, "export_kind", "text"),
                getattr(bound.column, "export_width", 18),
            )
            for bound in self.columns.iterall()
            if not bound.column.exclude_from_export
        ]


def _value_of(column: BoundColumn) -> Callable[[Any], Any]:
    """The cell of that column as a file takes it: nothing where the page says that there is nothing."""

    def value(row: Any) -> Any:
        found = row.get_cell_value(column.name)
        return None if found == column.default else found

    return value


def list_response(
    request: HttpRequest,
    template: str,
    table: PortalTable,
    context: Mapping[str, Any],
    *,
    name: str,
    status: int = 200,
) -> HttpResponseBase:
    """The page, its results alone for htmx, or the list as a file called `name`."""
    asked = request.GET.get("unduh")
    if asked in CONTENT_TYPES and table.can_be_taken:
        return _file(table, asked, name)
    page = table.cut().page
    shown = {**context, "table": table, "page": page, "kept_filters": kept_filters(request)}
    return render_partial(request, template, "results", shown, status=status)


@in_house_language
def _file(table: PortalTable, kind: str, name: str) -> FileResponse:
    columns = table.export_columns()
    cells = as_cells(columns, table.rows)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    if kind == "csv":
        write_csv(file, columns, cells)
    else:
        facts = [("Saringan", kept_filters(table.request) or formats.EMPTY), ("Dibuat", formats.moment(timezone.now()))]
        write_workbook(file, [ExportSheet(name, columns, cells)], facts)
    file.seek(0)
    today = timezone.localdate()
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-{today:%Y%m%d}.{kind}", content_type=CONTENT_TYPES[kind]
    )
