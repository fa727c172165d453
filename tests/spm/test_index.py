"""The index by the worked example, at every edge of a category, and what must hold for any figures."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spm.gaps import carried
from spm.index import (
    Band,
    Weights,
    ZeroNeedPolicy,
    as_decimal,
    category,
    domain_index,
    mean,
    region_index,
    service_index,
)

WEIGHTS = Weights()
BANDS = [
    Band("Tuntas Paripurna", Decimal(100)),
    Band("Tuntas Utama", Decimal(90)),
    Band("Tuntas Madya", Decimal(80)),
    Band("Tuntas Muda", Decimal(70)),
    Band("Tuntas Pratama", Decimal(60)),
    Band("Belum Tuntas", Decimal(0)),
]


def named(index: Fraction | Decimal | None) -> str:
    band = category(index, BANDS)
    return band.name if band else ""


def test_the_worked_example() -> None:
    first = service_index(12_480, 11_232, [(10_000, 9_000), (500, 430), (2, 2)], WEIGHTS)
    assert (first.recipients, first.quality, first.index) == (90, 92, Fraction(9040, 100))
    assert named(first.index) == "Tuntas Utama"
    second = service_index(320, 250, [(50, 40)], WEIGHTS)
    assert (second.recipients, second.quality, second.index) == (Fraction(78125, 1000), 80, Fraction(785, 10))
    assert named(second.index) == "Tuntas Muda"
    domain = domain_index([first.index, second.index])
    assert as_decimal(domain) == Decimal("84.45")
    assert named(domain) == "Tuntas Madya"


@pytest.mark.parametrize(
    ("index", "name"),
    [
        ("100", "Tuntas Paripurna"),
        ("99.999999999", "Tuntas Utama"),
        ("90", "Tuntas Utama"),
        ("89.999999999", "Tuntas Madya"),
        ("80", "Tuntas Madya"),
        ("79.999999999", "Tuntas Muda"),
        ("70", "Tuntas Muda"),
        ("69.999999999", "Tuntas Pratama"),
        ("60", "Tuntas Pratama"),
        ("59.999999999", "Belum Tuntas"),
        ("0", "Belum Tuntas"),
    ],
)
def test_categories_are_decided_on_the_exact_value(index: str, name: str) -> None:
    assert named(Decimal(index)) == name


def test_three_thirds_are_a_whole() -> None:
    """Nothing is lost on the way: 1/3 of 300 and so on add up to an edge exactly."""
    thirds = [service_index(3, served, [], WEIGHTS).index for served in (2, 2, 3)]
    assert mean(thirds) == Fraction(7, 9) * 100
    assert named(mean([Fraction(200, 3), Fraction(200, 3), Fraction(320, 3)])) == "Tuntas Madya"


def test_more_than_the_need_earns_nothing_and_is_seen() -> None:
    over = service_index(100, 130, [(10, 12)], WEIGHTS)
    assert (over.index, over.recipients_uncapped, over.over) == (100, 130, True)


def test_a_need_of_zero_follows_the_policy() -> None:
    assert service_index(0, 0, [], WEIGHTS, ZeroNeedPolicy.MET).index == 100
    excluded = service_index(0, 0, [], WEIGHTS, ZeroNeedPolicy.EXCLUDED).index
    assert excluded is None
    assert domain_index([excluded, Fraction(60)]) == 60
    assert region_index({"1.01": None, "1.02": Fraction(80)}) == 80
    assert region_index({}) is None


counts = st.integers(0, 10**7)
elements = st.lists(st.tuples(counts, counts), max_size=5)


@given(counts, counts, elements, st.sampled_from(ZeroNeedPolicy))
def test_bounded(must: int, served: int, quality: list[tuple[int, int]], zero: ZeroNeedPolicy) -> None:
    index = service_index(must, served, quality, WEIGHTS, zero).index
    assert index is None or 0 <= index <= 100


@given(st.integers(1, 10**6), counts, counts, elements)
def test_monotone_in_served(must: int, served: int, more: int, quality: list[tuple[int, int]]) -> None:
    low = service_index(must, served, quality, WEIGHTS).index
    high = service_index(must, served + more, quality, WEIGHTS).index
    assert low is not None
    assert high is not None
    assert low <= high


@given(st.integers(1, 10**6), counts, elements.filter(bool), counts)
def test_monotone_in_fulfilled(must: int, served: int, quality: list[tuple[int, int]], more: int) -> None:
    required, fulfilled = quality[0]
    better = [(required, fulfilled + more), *quality[1:]]
    low, high = (service_index(must, served, part, WEIGHTS).index for part in (quality, better))
    assert low is not None
    assert high is not None
    assert low <= high


@given(st.lists(st.one_of(st.none(), st.fractions(0, 100)), max_size=8), st.randoms())
def test_the_order_of_rows_does_not_matter(values: list[Fraction | None], dice: object) -> None:
    shuffled = list(values)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert domain_index(values) == domain_index(shuffled)


@given(
    st.integers(0, 10**12),
    st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)), min_size=1, max_size=8),
)
def test_the_cost_of_a_gap_is_shared_out_to_the_last_rupiah(cost: int, money: list[tuple[int, int]]) -> None:
    pairs = [(Decimal(budget), Decimal(spent)) for budget, spent in money]
    parts = carried(Decimal(cost), pairs)
    assert sum(part.part for part in parts) == (cost if any(budget for budget, _spent in money) else 0)
    for part, (budget, spent) in zip(parts, money, strict=True):
        assert part.left == max(budget - spent, 0)
        assert part.part >= 0
        assert part.short == max(part.part - part.left, 0)


def test_who_has_money_left_carries_the_gap() -> None:
    parts = carried(
        Decimal(100), [(Decimal(300), Decimal(0)), (Decimal(500), Decimal(400)), (Decimal(50), Decimal(60))]
    )
    assert [part.part for part in parts] == [75, 25, 0]
    spent = carried(Decimal(90), [(Decimal(100), Decimal(100)), (Decimal(200), Decimal(200))])
    assert [part.part for part in spent] == [30, 60], "by the budgets where nothing is left"
    assert [part.short for part in spent] == [30, 60]
    assert carried(Decimal(90), []) == []
