"""Lists as tables: sorted, cut, filled, and taken along as files from the same columns."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import CharField, Value
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from core import tables
from core.models import Region


class RegionTable(tables.PortalTable):
    name = tables.TextColumn(title=True)
    kemendagri_code = tables.TextColumn(verbose_name="Kode")
    length = tables.FigureColumn(empty_values=(), orderable=False)
    parent_key = tables.FigureColumn(accessor="parent__pk")
    bps_code = tables.TextColumn(visible=False, verbose_name="BPS code")

    def render_length(self, record: Region) -> str:
        return str(len(record.name))

    def value_length(self, record: Region) -> int:
        return len(record.name)


def asked(**query: str) -> HttpRequest:
    request = HttpRequest()
    request.GET = QueryDict(mutable=True)
    request.GET.update(query)
    request.user = AnonymousUser()
    return request


def table(**query: str) -> RegionTable:
    return RegionTable(Region.objects.order_by("kemendagri_code"), request=asked(**query))


def names_of(page: Any) -> list[str]:
    return [row.record.name for row in page.object_list]


def test_headings_sort(db: None) -> None:
    names = sorted(Region.objects.values_list("name", flat=True))
    assert names_of(table(urut="name").cut().page) == names[:25]
    assert names_of(table(urut="-name").cut().page) == names[::-1][:25]
    assert names_of(table(urut="nonsense").cut().page) == names_of(table().cut().page)
    assert names_of(table(urut="length").cut().page) == names_of(table().cut().page), "a column that does not sort"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(100) / 3, "33.333333"),
        (Decimal("95.110000"), "95.11"),
        (Decimal(1200), "1200"),
        (0.999, "0.999"),
        (7, "7"),
        (None, "None"),
    ],
)
def test_figures_in_files_are_exact_and_no_longer(value: Any, written: str) -> None:
    assert str(tables.FigureColumn().value(value=value)) == written


def test_pages_hold_each_row_once(db: None) -> None:
    seen: list[str] = []
    for number in range(1, 10):
        page = table(urut="name", halaman=str(number)).cut().page
        seen += [row.record.kemendagri_code for row in page.object_list] if page.number == number else []
    assert len(seen) == len(set(seen)) == Region.objects.count()


def test_only_the_rows_of_a_page_are_filled(db: None) -> None:
    filled: list[int] = []

    def fill(rows: Any) -> Any:
        filled.append(rows.count())
        return rows.annotate(note=Value("x", CharField()))

    shown = RegionTable(Region.objects.order_by("kemendagri_code"), request=asked(urut="-name"), fill=fill).cut().page
    assert filled == [25]
    assert [row.record.note for row in shown.object_list] == ["x"] * 25
    assert names_of(shown) == names_of(table(urut="-name").cut().page)


def test_the_same_number_of_queries_whatever_the_size(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        list(table().cut().page.object_list)
    assert len(queries) == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_has_every_row_and_the_shown_columns(kind: str, db: None) -> None:
    request = asked(unduh=kind, urut="name")
    list_ = RegionTable(Region.objects.order_by("kemendagri_code"), request=request)
    answer = tables.list_response(request, "x.html", list_, {}, name="wilayah")
    content = b"".join(answer.streaming_content)
    assert "wilayah-" in answer.headers["Content-Disposition"]
    names = list(Region.objects.order_by("name", "pk").values_list("name", flat=True))
    if kind == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        assert [line.split(";")[0] for line in lines[1:]] == names
        assert lines[1].split(";")[2] == str(len(names[0]))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content))["wilayah"]
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert [row[0] for row in rows] == names
        assert [row[2] for row in rows] == [len(name) for name in names]


def test_what_the_page_shows_as_a_dash_is_an_empty_cell_of_a_file(db: None) -> None:
    list_ = RegionTable(Region.objects.filter(parent=None), request=asked(unduh="csv"))
    [row] = list_.cut().page.object_list
    assert row.get_cell("parent_key") == "–"
    content = b"".join(tables.list_response(list_.request, "x.html", list_, {}, name="wilayah").streaming_content)
    assert content.decode("utf-8-sig").splitlines()[1].split(";")[3] == ""


def test_headings_say_how_they_sort(db: None) -> None:
    request = asked(urut="-name")
    cut = RegionTable(Region.objects.all(), request=request).cut()
    html = render_to_string(
        "components/table.html", {"table": cut, "page": cut.page, "kept_filters": "urut=-name"}, request=request
    )
    assert 'aria-sort="descending"' in html
    assert "urut=name" in html
    assert 'data-label="Kode"' in html


def test_a_column_may_stand_in_files_alone(db: None) -> None:
    list_ = table()
    assert "bps_code" not in [column.name for column in list_.columns]
    assert [column.header for column in list_.export_columns()][-1] == "BPS code"


def test_a_list_whose_files_leave_a_trace_offers_no_others(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert table().can_be_taken
    monkeypatch.setattr(RegionTable, "offers_files", False)
    assert not table(unduh="csv").can_be_taken


def test_the_day_of_a_moment_is_the_provinces_in_files_too() -> None:
    night = dt.datetime(2026, 11, 26, 17, 6, tzinfo=dt.UTC)
    column = tables.DayColumn()
    assert column.value(night) == dt.date(2026, 11, 27)
    assert column.render(night).startswith("27")


def test_marks_of_a_cell_do_not_run_together() -> None:
    assert tables.MARKUP.sub(" ", "<div>belum ada</div><div>tertinggal</div>").split() == ["belum", "ada", "tertinggal"]
