"""The complexity score: figures by hand, and what holds for every procedure."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from public_services.choices import Actor, ComplexityBand
from public_services.complexity import Complexity, StepFacts, band_of, measure

DAYS = st.decimals(min_value=0, max_value=60, places=2)
STEPS = st.lists(
    st.builds(
        StepFacts, st.sampled_from(Actor.values), DAYS, st.booleans(), st.frozensets(st.integers(1, 9), max_size=5)
    ),
    max_size=12,
)


def test_by_hand() -> None:
    steps = [
        StepFacts(Actor.APPLICANT, Decimal(0), True, frozenset({1, 2, 3})),
        StepFacts(Actor.COUNTER, Decimal(1), False, frozenset({3})),
        StepFacts(Actor.COUNTER, Decimal("0.5"), False),
        StepFacts(Actor.HEAD, Decimal(3), False),
        StepFacts(Actor.APPLICANT, Decimal(0), True),
    ]
    found = measure(steps, frozenset({2, 3, 99}))
    assert found == Complexity(steps=5, hand_overs=3, visits=2, documents=3, known_documents=2, days=Decimal("4.5"))
    # 5 × 1 + 3 × 2 + 2 × 3 + 3 × 1 + 2 × 2 + 4,5 × 0,5
    assert found.score == Decimal("26.25")


def test_band_edges() -> None:
    assert [band_of(Decimal(score)) for score in ("0", "15", "15.01", "30", "30.01")] == [
        ComplexityBand.SIMPLE,
        ComplexityBand.SIMPLE,
        ComplexityBand.MODERATE,
        ComplexityBand.MODERATE,
        ComplexityBand.COMPLEX,
    ]


@given(STEPS, st.frozensets(st.integers(1, 9)))
def test_never_negative_and_nothing_asked_is_nothing(steps: list[StepFacts], known: frozenset[int]) -> None:
    found = measure(steps, known)
    assert found.score >= 0
    assert found.known_documents <= found.documents
    assert (found.score == 0) == (not steps)


@given(
    STEPS, st.frozensets(st.integers(1, 9)), st.builds(StepFacts, st.sampled_from(Actor.values), DAYS, st.booleans())
)
def test_one_more_step_is_never_simpler(steps: list[StepFacts], known: frozenset[int], more: StepFacts) -> None:
    assert measure([*steps, more], known).score > measure(steps, known).score


@given(STEPS, st.frozensets(st.integers(1, 9)), st.integers(1, 9))
def test_what_the_government_has_counts_against_asking_for_it(
    steps: list[StepFacts], known: frozenset[int], kind: int
) -> None:
    assert measure(steps, known | {kind}).score >= measure(steps, known).score
