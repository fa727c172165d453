"""Cells of office files: every notation that people use, and nothing that makes the reader fall over."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing import headings
from core.importing.cells import CellProblem, value_of, warning_of
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.numbers import format_number

RUPIAH = Field("jumlah", Kind.RUPIAH, ("jumlah",))
KINDS = [Field(str(kind), kind, (str(kind),), max_length=40) for kind in Kind]


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        (Kind.RUPIAH, "1.234.567,00", D("1234567.00")),
        (Kind.RUPIAH, "1234567", D(1234567)),
        (Kind.RUPIAH, "Rp 1.234.567", D(1234567)),
        (Kind.RUPIAH, 1234567.0, 1234567.0),
        (Kind.RUPIAH, "-", None),
        (Kind.RUPIAH, "", None),
        (Kind.DATE, "2026-03-01", dt.date(2026, 3, 1)),
        (Kind.DATE, "01/03/2026", dt.date(2026, 3, 1)),
        (Kind.DATE, "1 Maret 2026", dt.date(2026, 3, 1)),
        (Kind.DATE, "20 December 2025", dt.date(2025, 12, 20)),
        (Kind.DATE, "March 5, 2026", dt.date(2026, 3, 5)),
        (Kind.DATE, "Senin, 2 Maret 2026", dt.date(2026, 3, 2)),
        (Kind.DATE, "5-Mar-2026", dt.date(2026, 3, 5)),
        (Kind.DATE, "2026/03/04", dt.date(2026, 3, 4)),
        (Kind.DATE, "04-03-26", dt.date(2026, 3, 4)),
        (Kind.DATE, "04/03/2026 08:30", dt.date(2026, 3, 4)),
        (Kind.DATE, "2026-02-20T20:13:57Z", dt.date(2026, 2, 21)),
        (Kind.DATE, "2026-02-20T20:13:57.123+00:00", dt.date(2026, 2, 21)),
        (Kind.DATE, "2026-02-20 20:13:57+00", dt.date(2026, 2, 21)),
        (Kind.DATE, "2026-02-20T20:13:57+08:00", dt.date(2026, 2, 20)),
        (Kind.DATE, "2026-02-20 20:13:57", dt.date(2026, 2, 20)),
        (Kind.DATE, 46082, dt.date(2026, 3, 1)),
        (Kind.DATE, dt.datetime(2026, 3, 1), dt.date(2026, 3, 1)),  # noqa: DTZ001 (Excel's have no zone)
        (Kind.MONTH, "Agustus", 8),
        (Kind.MONTH, "Agt.", 8),
        (Kind.MONTH, 3.0, 3),
        (Kind.FLAG, "Ya", True),
        (Kind.FLAG, 0, False),
        (Kind.CODE, "1.01.02.1.01 ", "1.01.02.1.01"),
        (Kind.CODE, 61000001.0, "61000001"),
        (Kind.MONTH, "6.0", 6),
        (Kind.MONTH, "July", 7),
        (Kind.TEXT, 7.0, "7"),
        *((kind, "NULL", None) for kind in Kind),
        *((kind, "–", None) for kind in Kind),
        *((kind, "n/a", None) for kind in Kind),
        (Kind.PERCENT, "12,5", D("12.5")),
        (Kind.INTEGER, "1.200", 1200),
    ],
)
def test_what_is_read(kind: Kind, cell: Any, expected: Any) -> None:
    assert value_of(Field("x", kind, ("x",)), cell) == expected


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        (Kind.RUPIAH, "dua juta", "not_a_number"),
        (Kind.NUMBER, "1.234", "ambiguous"),
        (Kind.RUPIAH, 1e30, "too_large"),
        (Kind.RUPIAH, "5%", "amount_is_percent"),
        (Kind.INTEGER, "5 %", "amount_is_percent"),
        (Kind.RUPIAH, dt.date(2026, 1, 1), "number_is_date"),
        (Kind.CODE, dt.date(2026, 1, 1), "code_is_date"),
        (Kind.CODE, 1.01, "code_is_number"),
        (Kind.DATE, "31/02/2026", "not_a_date"),
        (Kind.DATE, "kemarin", "not_a_date"),
        (Kind.MONTH, "13", "not_a_month"),
        (Kind.DATE, "01.13.26", "not_a_date"),
        (Kind.MONTH, "Februari 2026", "month_is_date"),
        (Kind.PERCENT, "0,719", "share_or_percentage"),
        (Kind.PERCENT, 0.719, "share_or_percentage"),
        *((kind, "#DIV/0!", "error_cell") for kind in Kind),
        *((kind, "Err:502", "error_cell") for kind in Kind),
        (Kind.PERCENT, 101, "not_a_percentage"),
        (Kind.FLAG, "mungkin", "not_yes_or_no"),
        (Kind.INTEGER, 1.5, "not_whole"),
        (Kind.TEXT, "x" * 501, "too_long"),
    ],
)
def test_what_is_refused(kind: Kind, cell: Any, code: str) -> None:
    with pytest.raises(CellProblem) as caught:
        value_of(Field("x", kind, ("x",)), cell)
    assert caught.value.code == code
    assert code in MESSAGES


@pytest.mark.parametrize(
    "cell", ["Februari 2026", "feb-2026", "2026-02", "02/2026", "2026-02-28", "28/02/2026", dt.date(2026, 2, 28)]
)
def test_a_month_may_name_the_year_of_the_list(cell: Any) -> None:
    month = Field("bulan", Kind.MONTH, ("bulan",))
    assert value_of(replace(month, year=2026), cell) == 2
    with pytest.raises(CellProblem, match="month_of_other_year"):
        value_of(replace(month, year=2025), cell)


def test_a_day_far_ahead_is_read_and_remarked_on() -> None:
    day = Field("tanggal", Kind.DATE, ("tanggal",), year=2026)
    warning = warning_of(day, dt.date(2062, 1, 1))
    assert warning is not None and warning.code == "date_far_ahead"
    assert warning_of(day, dt.date(2031, 1, 1)) is None


CELLS = st.one_of(
    st.text(max_size=60),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(st.sampled_from(KINDS), CELLS)
def test_any_cell_is_a_value_or_a_problem_with_words(field: Field, cell: Any) -> None:
    try:
        value_of(field, cell)
    except CellProblem as problem:
        assert problem.code in MESSAGES
        str(MESSAGES[problem.code]) % problem.params


@given(st.decimals(min_value=0, max_value=D(99999999999999), places=2))
def test_rupiah_as_we_write_them_come_back(amount: D) -> None:
    assert value_of(RUPIAH, format_number(amount, 2)) == amount


def test_headings_are_found_in_any_order_below_a_title() -> None:
    shape = Shape("x", (Field("a", Kind.TEXT, ("kode_sbl",), required=True), Field("b", Kind.TEXT, ("pagu",))), ("a",))
    rows = [["DAFTAR"], [], ["No", "Pagu", "Kode SBL *", "lain"], [1, 2, 3, 4]]
    found = headings.find(rows, [shape])
    assert found is not None
    assert (found.row, found.columns, found.unused) == (2, {"a": 2, "b": 1}, ["No", "lain"])
    assert headings.find([["x"]], [shape]) is None
