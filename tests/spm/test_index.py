"""The index by the worked example, at every edge of a category, and what must hold for any figures."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spm.gaps import carried
from spm.index import (
    Band,
    EnteredRow,
    MethodKind,
    ServiceIndex,
    Weights,
    ZeroNeedPolicy,
    as_decimal,
    category,
    domain_index,
    mean,
    pool,
    region_index,
    service_index,
)

WEIGHTS = Weights()
BANDS = [
    Band("Tuntas Paripurna", Decimal(100)),
    Band("Tuntas Utama", Decimal(90)),
    Band("Tuntas Madya", Decimal(80)),
    Band("Tuntas Pratama", Decimal(70)),
    Band("Tuntas Muda", Decimal(60)),
    Band("Belum Tuntas", Decimal(0)),
]


def named(index: Fraction | Decimal | None) -> str:
    band = category(index, BANDS)
    return band.name if band else ""


Pairs = list[tuple[int, int]]


def region(must: int, served: int, pairs: Pairs) -> EnteredRow:
    return EnteredRow(must, served, dict(enumerate(pairs)))


def indexed(must: int, served: int, pairs: Pairs, zero: ZeroNeedPolicy = ZeroNeedPolicy.MET) -> ServiceIndex:
    """Of one region, with every element entered."""
    return service_index(pool([region(must, served, pairs)], dict.fromkeys(range(len(pairs)), 1)), WEIGHTS, zero)


def test_the_worked_example() -> None:
    first = indexed(12_480, 11_232, [(10_000, 9_000), (500, 430), (2, 2)])
    assert (first.recipients, first.quality, first.index) == (90, 92, Fraction(9040, 100))
    assert named(first.index) == "Tuntas Utama"
    second = indexed(320, 250, [(50, 40)])
    assert (second.recipients, second.quality, second.index) == (Fraction(78125, 1000), 80, Fraction(785, 10))
    assert named(second.index) == "Tuntas Pratama"
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
        ("79.999999999", "Tuntas Pratama"),
        ("70", "Tuntas Pratama"),
        ("69.999999999", "Tuntas Muda"),
        ("60", "Tuntas Muda"),
        ("59.999999999", "Belum Tuntas"),
        ("0", "Belum Tuntas"),
    ],
)
def test_categories_are_decided_on_the_exact_value(index: str, name: str) -> None:
    assert named(Decimal(index)) == name


def test_three_thirds_are_a_whole() -> None:
    """Nothing is lost on the way: 1/3 of 300 and so on add up to an edge exactly."""
    thirds = [indexed(3, served, []).index for served in (2, 2, 3)]
    assert mean(thirds) == Fraction(7, 9) * 100
    assert named(mean([Fraction(200, 3), Fraction(200, 3), Fraction(320, 3)])) == "Tuntas Madya"


def test_more_than_the_need_earns_nothing_and_is_seen() -> None:
    pooled = pool([region(100, 130, [(10, 12)])], {0: 1})
    over = service_index(pooled, WEIGHTS)
    assert (over.index, over.recipients_uncapped, pooled.over, pooled.unserved) == (100, 130, 1, 0)


def test_what_one_region_has_too_much_of_serves_nobody_in_another() -> None:
    pooled = pool([region(100, 200, [(10, 30)]), region(100, 0, [(10, 0)])], {0: 1})
    found = service_index(pooled, WEIGHTS)
    assert (found.recipients, found.quality, found.index) == (50, 50, 50)
    assert (pooled.unserved, pooled.over) == (100, 1)


def test_a_blank_block_b_is_not_better_than_an_honest_one() -> None:
    honest = indexed(100, 95, [(10, 5), (10, 5), (10, 0)])
    assert as_decimal(honest.index) is not None
    assert honest.index == 76 + Fraction(20, 3)
    for entered in ([], [(10, 5)], [(10, 5), (10, 5)]):
        pooled = pool([region(100, 95, entered)], {0: 1, 1: 1, 2: 1})
        blank = service_index(pooled, WEIGHTS)
        assert blank.index is not None
        assert honest.index is not None
        assert blank.index <= honest.index
        assert pooled.lacking == 1
    half = pool([region(100, 95, [(10, 10)]), region(300, 300, [])], {0: 1})
    assert service_index(half, WEIGHTS).quality == 25, "entered for a quarter of the need"


def test_a_need_of_zero_follows_the_policy() -> None:
    assert indexed(0, 0, []).index == 100
    excluded = indexed(0, 0, [], ZeroNeedPolicy.EXCLUDED).index
    assert excluded is None
    assert domain_index([excluded, Fraction(60)]) == 60
    assert region_index({"1.01": None, "1.02": Fraction(80)}) == 80
    assert region_index({}) is None
    served = pool([region(0, 500, [])], {0: 1})
    assert (served.over, served.lacking) == (1, 0)


def test_a_method_of_its_own_is_the_weighted_mean_of_indicators() -> None:
    rows = [region(300, 0, [(100, 60), (50, 50)]), region(100, 100, [(100, 100), (50, 0)])]
    pooled = pool(rows, {0: 3, 1: 1}, by_need=True)
    found = service_index(pooled, WEIGHTS, method=MethodKind.INDICATORS)
    # 60 and 100 by 300 and 100 people: 70; 100 and 0: 75; weighted 3 to 1
    assert (found.index, found.recipients) == (Fraction(70 * 3 + 75, 4), 25)


counts = st.integers(0, 10**7)
elements = st.lists(st.tuples(counts, counts), max_size=5)


@given(counts, counts, elements, st.sampled_from(ZeroNeedPolicy))
def test_bounded(must: int, served: int, quality: list[tuple[int, int]], zero: ZeroNeedPolicy) -> None:
    index = indexed(must, served, quality, zero).index
    assert index is None or 0 <= index <= 100


@given(st.integers(1, 10**6), counts, counts, elements)
def test_monotone_in_served(must: int, served: int, more: int, quality: list[tuple[int, int]]) -> None:
    low = indexed(must, served, quality).index
    high = indexed(must, served + more, quality).index
    assert low is not None
    assert high is not None
    assert low <= high


@given(st.integers(1, 10**6), counts, elements.filter(bool), counts)
def test_monotone_in_fulfilled(must: int, served: int, quality: list[tuple[int, int]], more: int) -> None:
    required, fulfilled = quality[0]
    better = [(required, fulfilled + more), *quality[1:]]
    low, high = (indexed(must, served, part).index for part in (quality, better))
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
