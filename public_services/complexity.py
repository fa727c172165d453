"""The complexity score of a procedure: what it asks of the applicant, added up. Pure.

score = steps + 2 × hand-overs + 3 × visits + documents + 2 × documents that the government already has + days ÷ 2

Hand-overs are the changes from one actor to another. A document counts once however often it is asked for, and what the
government already has counts again: it need not be asked for at all (Perpres 39/2019 on one data, Perpres 95/2018 on
SPBE, UU 25/2009 art. 21). The weights are the portal's own and stand on every page beside the score.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from public_services.choices import ComplexityBand

STEP, HAND_OVER, VISIT, DOCUMENT, KNOWN_DOCUMENT, DAY = 1, 2, 3, 1, 2, Decimal("0.5")
BANDS = (
    (Decimal(15), ComplexityBand.SIMPLE),
    (Decimal(30), ComplexityBand.MODERATE),
)  # up to and with; above the last: complex


@dataclass(frozen=True)
class StepFacts:
    """One step: who acts, working days, whether the applicant has to come, and the documents asked for by their
    keys."""

    actor: str
    days: Decimal
    is_visit: bool
    documents: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Complexity:
    """Counts of a procedure; `known_documents` are among `documents`, `days` are working days."""

    steps: int
    hand_overs: int
    visits: int
    documents: int
    known_documents: int
    days: Decimal

    @property
    def parts(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """(name, count, weight, points) of each part of the sum."""
        counts: list[tuple[str, int | Decimal, int | Decimal]] = [
            ("steps", self.steps, STEP),
            ("hand_overs", self.hand_overs, HAND_OVER),
            ("visits", self.visits, VISIT),
            ("documents", self.documents, DOCUMENT),
            ("known_documents", self.known_documents, KNOWN_DOCUMENT),
            ("days", self.days, DAY),
        ]
        return [(name, Decimal(count), Decimal(weight), Decimal(count) * weight) for name, count, weight in counts]

    @property
    def score(self) -> Decimal:
        return sum((points for _name, _count, _weight, points in self.parts), Decimal(0))


def measure(steps: Sequence[StepFacts], known: frozenset[int]) -> Complexity:
    """`steps` in their order; `known` are the keys of documents that the government already has."""
    documents = frozenset[int]().union(*(step.documents for step in steps))
    return Complexity(
        steps=len(steps),
        hand_overs=sum(one.actor != other.actor for one, other in itertools.pairwise(steps)),
        visits=sum(step.is_visit for step in steps),
        documents=len(documents),
        known_documents=len(documents & known),
        days=sum((step.days for step in steps), Decimal(0)),
    )


def band_of(score: Decimal) -> ComplexityBand:
    return next((band for limit, band in BANDS if score <= limit), ComplexityBand.COMPLEX)
