"""What it would take: how many recipients and quality elements are missing, and the index after adding some of them.
Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from spm.index import ServiceIndex, ZeroNeedPolicy, service_index
from spm.index_explanation import ElementStep, Steps, weights_of


@dataclass(frozen=True)
class ElementGap:
    step: ElementStep
    missing: int
    added: int


@dataclass(frozen=True)
class WhatIf:
    """`added` and each element's `added` are within what is missing; `cost` is None without a realised unit cost."""

    missing: int
    added: int
    elements: list[ElementGap]
    after: ServiceIndex
    cost: Decimal | None
    cost_of_all: Decimal | None


def what_if(
    steps: Steps,
    zero_need: ZeroNeedPolicy,
    added: int,
    added_elements: Mapping[int, int],
    unit_cost: Decimal | None,
) -> WhatIf:
    """`unit_cost` in Rp per recipient served. Adding more than is missing is cut to what is missing."""
    pooled = steps.pooled
    missing = int(pooled.unserved)
    added = min(max(added, 0), missing)
    gaps = []
    elements = dict(pooled.elements)
    for step in steps.elements:
        lacking = ceil((step.pooled.required - step.pooled.fulfilled) / step.pooled.people)
        more = min(max(added_elements.get(step.element.pk, 0), 0), lacking)
        gaps.append(ElementGap(step, lacking, more))
        fulfilled = min(step.pooled.fulfilled + more * step.pooled.people, step.pooled.required)
        elements[step.element.pk] = replace(step.pooled, fulfilled=fulfilled)
    then = replace(pooled, reached=pooled.reached + added, served=pooled.served + added, elements=elements)
    after = service_index(then, weights_of(steps.version), zero_need, steps.kind)
    return WhatIf(missing, added, gaps, after, _cost(added, unit_cost), _cost(missing, unit_cost))


def _cost(people: int, unit_cost: Decimal | None) -> Decimal | None:
    return None if unit_cost is None else (people * unit_cost).quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True)
class Carrier:
    """A programme's part of the cost of closing a gap, in Rp; `left` is what it has not spent, `short` what that does
    not cover."""

    left: Decimal
    part: Decimal

    @property
    def short(self) -> Decimal:
        return max(self.part - self.left, Decimal(0))


def carried(cost: Decimal, money: Sequence[tuple[Decimal, Decimal]]) -> list[Carrier]:
    """Share `cost` out over the (budget, spent) of programmes, in proportion to what is left, or to the budgets if
    nothing is.

    Whole rupiah by largest remainder, in the programmes' order: the parts add up to the cost exactly.
    """
    left = [max(budget - spent, Decimal(0)) for budget, spent in money]
    weights = left if sum(left) else [budget for budget, _spent in money]
    total = sum(weights, Decimal(0))
    if not total:
        return [Carrier(Decimal(0), Decimal(0)) for _pair in money]
    exact = [Fraction(cost) * Fraction(weight) / Fraction(total) for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: exact[place] - parts[place], reverse=True)
    for place in by_remainder[: int(cost) - sum(parts)]:
        parts[place] += 1
    return [Carrier(rest, Decimal(part)) for rest, part in zip(left, parts, strict=True)]
