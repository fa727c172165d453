"""Formulas of derived series: exact, and nothing of Python but arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.connectors import formulas
from datasources.connectors.formulas import FormulaError, check, work_out

A, B = Decimal("178.4"), Decimal("8.92")
BOTH = {"a": A, "b": B}
REGENCIES = {"a": (Decimal(10), Decimal(20)), "b": (Decimal(1), Decimal(3))}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("b / a * 100", "5"),
        ("a + b", "187.32"),
        ("0.1 + 0.2 + a - a", "0.3"),
        ("(a - a_lalu) / a_lalu * 100", "11.5"),
        ("jumlah(kabkota_a)", "30"),
        ("rerata(kabkota_a, kabkota_b)", "17.5"),
        ("jumlah(kabkota_a) / jumlah(kabkota_b)", "7.5"),
        ("-a ** 2 + a ** 2", "0"),
        ("maks(a, b) - min(a, b)", "169.48"),
    ],
)
def test_what_a_formula_gives(formula: str, result: str) -> None:
    assert work_out(formula, BOTH, {"a": Decimal(160)}, REGENCIES) == Decimal(result)


@pytest.mark.parametrize("formula", ["a / (b - b)", "a + c", "a_lalu", "jumlah(kabkota_c)"])
def test_where_something_is_missing_there_is_no_figure(formula: str) -> None:
    assert work_out(formula, BOTH, {}, {}) is None


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "a +",
        "c / a",
        "1 + 1",
        "a.real",
        "a if a else b",
        "a > b",
        "'x' * 9",
        "[a for x in b]",
        "__import__('os')",
        "a ** 99999999",
        "open('a')",
        "kabkota_a + a",
        "jumlah(a)",
        "lambda: a",
        "a" * 400,
        "(" * 200 + "a" + ")" * 200,
    ],
)
def test_what_is_no_formula_is_refused_with_a_reason(formula: str) -> None:
    with pytest.raises(FormulaError) as caught:
        check(formula, ["a", "b"])
    assert str(caught.value)


@given(st.text(alphabet="ab_lalu+-*/().0123456789 kot'\"[]{}:,", max_size=40))
def test_any_text_is_a_formula_or_a_clear_refusal(text: str) -> None:
    try:
        check(text, ["a", "b"])
        result = work_out(text, BOTH, BOTH, REGENCIES)
    except FormulaError:
        return
    assert result is None or result.is_finite()


@given(
    st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(1, 10**6)), min_size=1, max_size=12),
)
def test_a_weighted_mean_lies_between_its_parts(pairs: list[tuple[int, int]]) -> None:
    figures, weights = (tuple(Decimal(value) for value in column) for column in zip(*pairs, strict=True))
    mean = formulas.weighted_mean(figures, weights)
    slack = Decimal("0.0001")
    assert min(figures) - slack <= mean <= max(figures) + slack
