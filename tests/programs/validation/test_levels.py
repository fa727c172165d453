"""Levels 0 to 5 by figures: what is remarked, what is not, and that nothing can make the checks fall over."""

import inspect
import re
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.registration import impact
from programs.validation import progress as progress_checks
from programs.validation import values as validation_values
from programs.validation.messages import WORDS, words
from tests import oracle_levels

figures = st.decimals(min_value=D("-1e12"), max_value=D("1e12"), places=3)


def codes(found: list[progress_checks.Finding]) -> list[str]:
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("value", "history", "expected"),
    [
        ("83.4", ["83.1", "83.2", "83.3", "83.2", "83.3"], []),
        ("90", ["83.1", "83.2", "83.3", "83.2", "83.3"], ["jump"]),  # MAD of the changes is 0.1
        ("8.34", ["83.1"], ["factor"]),
        ("830", ["83"], ["factor"]),
        ("83.1", ["83.1"], ["same_as_last"]),
        ("130", ["83"], ["jump"]),  # +57 %
        ("120", ["83"], []),  # +45 %
        ("5000", ["4870"], ["rounded"]),
        ("5000", ["4000", "4500"], ["rounded"]),
        ("0", ["0"], []),
        ("7", [], []),
    ],
)
def test_level_2_against_the_series(value: str, history: list[str], expected: list[str]) -> None:
    assert codes(oracle_levels.check_series(D(value), [D(item) for item in history])) == expected


def test_cumulative_counts_are_expected_to_grow_with_the_year() -> None:
    # 1,000 in the first quarter: about 2,000 is no jump in the second, falling is one.
    grown = oracle_levels.check_series(D(2100), [D(1000)], expected=D(2000), is_cumulative=True)
    assert codes(grown) == []
    assert codes(oracle_levels.check_series(D(900), [D(1000)], expected=D(2000), is_cumulative=True)) == [
        "cumulative_falls"
    ]
    assert codes(oracle_levels.check_series(D(4100), [D(1000)], expected=D(2000), is_cumulative=True)) == ["jump"]


def test_level_1_fractions() -> None:
    assert codes(oracle_levels.check_fraction(D(12), D(10), is_share=True)) == ["numerator_larger"]
    assert codes(oracle_levels.check_fraction(D(12), D(10), is_share=False)) == []
    assert codes(oracle_levels.check_fraction(D(1), D(0), is_share=True)) == ["denominator_zero"]
    assert codes(oracle_levels.check_fraction(D(1), None, is_share=True)) == ["fraction_incomplete"]
    assert progress_checks.quotient(D(11232), D(12480), D(100)) == 90


def test_level_3_counts_add_up_and_rates_lie_between() -> None:
    assert codes(oracle_levels.check_regions(D(1000), [D(400), D(596)], is_rate=False)) == []
    assert codes(oracle_levels.check_regions(D(1000), [D(400), D(590)], is_rate=False)) == ["sum_differs"]
    assert codes(oracle_levels.check_regions(D(85), [D(80), D(90)], is_rate=True)) == []
    assert codes(oracle_levels.check_regions(D(91), [D(80), D(90)], is_rate=True)) == ["outside_parts"]


def test_level_5_across() -> None:
    assert codes(oracle_levels.check_spent_without_output(D(600), D(1000), D(0))) == ["spent_no_output"]
    assert codes(oracle_levels.check_spent_without_output(D(400), D(1000), D(0))) == []
    wrong = oracle_levels.check_outcome_direction(D(80), D(83), is_better_up=True, outputs_reached=True)
    assert codes(wrong) == ["outcome_wrong_way"]
    assert oracle_levels.check_outcome_direction(D(80), D(83), is_better_up=False, outputs_reached=True) == []
    assert codes(progress_checks.check_population(D(1200), D(1000))) == ["more_than_population"]


def test_splits_agree_with_the_whole() -> None:
    sex = {"sex": [("male", 40), ("female", 50)]}
    assert codes(progress_checks.check_split(90, sex)) == []
    assert codes(progress_checks.check_split(95, sex)) == ["sex_differs"]
    assert codes(progress_checks.check_split(80, sex)) == ["sex_exceeds"]
    assert codes(progress_checks.check_split(None, sex)) == ["whole_missing"]
    assert codes(progress_checks.check_split(90, {"sex": [("male", 40), ("female", None)]})) == ["sex_incomplete"]
    assert codes(progress_checks.check_split(90, {"disability": [("disabled", 5)]})) == []


def test_a_month_of_a_sub_activity() -> None:
    def month(**values: D | None) -> list[str]:
        base = {"financial": None, "physical": None, "ceiling": D(100), "last_financial": None, "last_physical": None}
        return codes(progress_checks.check_progress(**(base | values)))  # type: ignore[arg-type]

    assert month(financial=D(50), physical=D(48), last_financial=D(45), last_physical=D(40)) == []
    assert month(financial=D(101), physical=D(90)) == ["above_ceiling"]
    assert month(financial=D(40), physical=D(30), last_financial=D(45), last_physical=D(40)) == ["cumulative_falls"] * 2
    assert month(financial=D(60), physical=D(0)) == ["spent_no_work"]
    assert month(financial=D(0), physical=D(100)) == ["work_no_money"]
    assert month(planned=D(100)) == []
    assert month(planned=D(101)) == ["plan_above_ceiling"]


@given(figures, st.lists(figures, max_size=12), st.booleans())
def test_no_figure_breaks_the_series_check(value: D, history: list[D], is_cumulative: bool) -> None:
    for finding in oracle_levels.check_series(value, history, is_cumulative=is_cumulative):
        assert finding.severity == ("note" if finding.code == "rounded" else "warning")
        assert words(finding.as_json())


def test_every_finding_has_words() -> None:
    made = re.findall(r"programs_finding\(\d, '(\w+)'", validation_values._statement("SELECT 1"))
    made += ["outside_parts", "sum_differs"]  # of programs_apart
    made += re.findall(r'(?:error|warning)\(\d, "(\w+)"', inspect.getsource(progress_checks))
    made += [f"{split}_{what}" for split in ("sex", "age") for what in ("exceeds", "differs", "incomplete")]
    assert set(made) | {"disability_exceeds"} == set(WORDS) - {"deviates", "explain"}


def test_a_split_is_named_where_it_does_not_agree() -> None:
    """Two splits of one row may both be wrong; each says which of the two it is."""
    wrong = {
        "sex": [("male", 40), ("female", 60)],
        "age": [("children", 1), ("adults", 2), ("elderly", 3)],
        "disability": [("disabled", 91)],
    }
    said = [words(finding.as_json()) for finding in progress_checks.check_split(90, wrong)]
    assert said == [
        "Laki-laki dan perempuan berjumlah 100, melebihi keseluruhan (90).",
        "Kelompok umur berjumlah 6, sedangkan keseluruhan 90; keduanya harus sama.",
        "91 penyandang disabilitas melebihi keseluruhan (90).",
    ]


def test_ceremony_targeting_and_cost() -> None:
    spending = impact.Spending(ceremonial=D(21), supporting=D(9), direct=D(70))
    assert (spending.ceremonial_percent, spending.direct_percent) == (21, 70)
    assert impact.Spending().ceremonial_percent is None
    assert impact.Targeting(30, 120, ["Mahakam Ulu"]).percent == 25
    assert impact.Targeting(0, 0, []).percent is None
    assert impact.improvement(D(18), D("22.4"), "minimise") == D("4.4")
    assert impact.improvement(D(18), D("22.4"), "maximise") == D("-4.4")
    assert impact.stands_still([D(0), D(-1)], spending, D(5))
    assert not impact.stands_still([D(1)], spending, D(5))
    assert not impact.stands_still([D(0)], spending, D(0))
    assert not impact.stands_still([], spending, D(5))
    assert not impact.stands_still([D(0)], impact.Spending(ceremonial=D(9), direct=D(91)), D(5))
