from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import (
    NumberFormatError,
    NumberProblem,
    format_number,
    format_rupiah,
    format_rupiah_short,
    parse_number,
    round_half_up,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234.567,89", "1234567.89"),
        ("1234567.89", "1234567.89"),
        ("1234567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("Rp 1.234.567", "1234567"),
        ("Rp1.234.567,-", "1234567"),
        ("rp. 12.500,5", "12500.5"),
        ("87,5%", "87.5"),
        ("-12,5", "-12.5"),
        ("\N{MINUS SIGN}1.234.567", "-1234567"),
        ("0,5", "0.5"),
        ("0.125", "0.125"),
        ("  42 ", "42"),
    ],
)
def test_reads_both_notations(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(("text", "thousand", "fraction"), [("1.234", "1234", "1.234"), ("1,234", "1234", "1.234")])
def test_refuses_what_can_be_read_twice(text: str, thousand: str, fraction: str) -> None:
    with pytest.raises(NumberFormatError) as caught:
        parse_number(text)
    assert caught.value.problem is NumberProblem.AMBIGUOUS
    assert caught.value.readings == (Decimal(thousand), Decimal(fraction))


def test_a_field_without_thousandths_reads_a_dot_group_as_thousands() -> None:
    assert parse_number("1.234", decimals=2) == 1234


@pytest.mark.parametrize(
    "text", ["", "abc", "1.23.456", "1,2,3", "--5", "1e5", "NaN", "Infinity", "12..5", "١٢", "5 juta"]
)
def test_refuses_what_is_no_figure(text: str) -> None:
    with pytest.raises(NumberFormatError) as caught:
        parse_number(text)
    assert caught.value.problem is NumberProblem.NOT_A_NUMBER


def test_refuses_more_digits_than_any_budget() -> None:
    with pytest.raises(NumberFormatError) as caught:
        parse_number("9" * 31)
    assert caught.value.problem is NumberProblem.TOO_LONG


@given(st.text(max_size=40))
def test_any_text_is_a_figure_or_a_clear_refusal(text: str) -> None:
    try:
        assert parse_number(text).is_finite()
    except NumberFormatError as error:
        assert error.text == text


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_what_is_shown_can_be_typed_back(value: Decimal) -> None:
    assert parse_number(format_number(value, 2), decimals=2) == value


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1234567.891"), 2, "1.234.567,89"),
        (Decimal("0.005"), 2, "0,01"),
        (Decimal("-0.001"), 2, "0,00"),
        (Decimal("-1234.5"), None, "\N{MINUS SIGN}1.234,5"),
        (Decimal(100), None, "100"),
        (Decimal("1E+3"), None, "1.000"),
    ],
)
def test_shows_id_id(value: Decimal, decimals: int | None, text: str) -> None:
    assert format_number(value, decimals) == text


def test_rounds_half_up() -> None:
    assert [round_half_up(Decimal(x), 2) for x in ("2.345", "2.335", "-2.345")] == [
        Decimal("2.35"),
        Decimal("2.34"),
        Decimal("-2.35"),
    ]


def test_rupiah() -> None:
    assert format_rupiah(1_250_000) == "Rp1.250.000"
    assert format_rupiah(-500) == "\N{MINUS SIGN}Rp500"
    assert format_rupiah_short(10_795_316_730_603) == "Rp10,8 triliun"
    assert format_rupiah_short(1_250_000_000) == "Rp1,25 miliar"
    assert format_rupiah_short(950) == "Rp950"
