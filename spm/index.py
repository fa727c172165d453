"""The index of applying SPM (Indeks Pencapaian, Permendagri 59/2021), exactly. Pure.

P = served ÷ must be served × 100; M = mean of the quality elements' fulfilled ÷ required × 100; IP of a service = P ×
weight of the recipients + M × weight of the quality. A service may have a method of its own: then M alone, of weighted
indicators, is its index. A domain is the mean of its services, a region the mean of its domains.

Every figure is capped at what is needed in its own region, before regions are pooled: what one region has too much of
serves nobody in another. What was not entered counts as not fulfilled. Nothing is rounded but when it is shown.

This is the computation row by row, for "how was this computed" and as what the SQL of `spm.index_store` is held
against.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from typing import Any

FULL = Fraction(100)
SHOWN_DIGITS = 30
Figure = Decimal | int | Fraction


class ZeroNeedPolicy(StrEnum):
    """What a period without anybody to serve counts as."""

    MET = "met"
    EXCLUDED = "excluded"


class MethodKind(StrEnum):
    """How a service's index comes about."""

    RECIPIENTS_AND_QUALITY = "recipients_and_quality"
    INDICATORS = "indicators"


@dataclass(frozen=True)
class Weights:
    """Of recipients and quality; they add up to 1 (Permendagri 59/2021: 0.80 and 0.20)."""

    recipients: Fraction = Fraction(4, 5)
    quality: Fraction = Fraction(1, 5)


@dataclass(frozen=True)
class Band:
    """A category and the lowest index that belongs to it."""

    name: str
    lowest: Decimal


@dataclass(frozen=True)
class EnteredRow:
    """What was entered of a service in a region: people, and (required, fulfilled) of each element by its key."""

    must: Figure
    served: Figure
    elements: Mapping[Any, tuple[Figure, Figure]] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether more was served than needed, or more fulfilled than required."""
        return self.served > self.must or any(fulfilled > required for required, fulfilled in self.elements.values())

    def lacks_quality(self, expected: Iterable[Hashable]) -> bool:
        """Whether somebody has to be served and an element was left blank."""
        return self.must > 0 and any(key not in self.elements for key in expected)


@dataclass(frozen=True)
class PooledElement:
    """`fulfilled` is capped region by region; `share` is the part of the need for which the element was entered.

    Of shares both are multiplied by people, of whom there are `people` in all; of counts that is 1.
    """

    required: Fraction
    fulfilled: Fraction
    share: Fraction
    weight: Fraction = Fraction(1)
    people: Fraction = Fraction(1)

    @property
    def measure(self) -> Fraction | None:
        """In per cent; None where nothing is required anywhere."""
        if not self.required:
            return None if self.share == 1 else Fraction(0)
        return self.fulfilled * 100 / self.required * self.share


@dataclass(frozen=True)
class Pooled:
    """A service's figures in one region, or in several together: `reached` are the served within each region's need.

    `over` and `lacking` count rows: above what is needed; without some of the quality.
    """

    must: Fraction
    served: Fraction
    reached: Fraction
    over: int = 0
    lacking: int = 0
    elements: Mapping[Any, PooledElement] = field(default_factory=dict)

    @property
    def unserved(self) -> Fraction:
        return self.must - self.reached


@dataclass(frozen=True)
class ServiceIndex:
    """`recipients` and `quality` are capped, in per cent; None where there is nothing to divide by.

    `index` is None when the service leaves the mean (no need, policy `excluded`).
    """

    recipients: Fraction | None
    recipients_uncapped: Fraction | None
    quality: Fraction | None
    index: Fraction | None


def ratio(part: Figure, whole: Figure) -> Fraction | None:
    """In per cent, uncapped; None without a whole."""
    return Fraction(part) * 100 / Fraction(whole) if whole else None


def pool(rows: Sequence[EnteredRow], expected: Mapping[Any, Figure], *, by_need: bool = False) -> Pooled:
    """`expected` are the elements in force with their weights. `by_need`: figures of an element are shares themselves,
    so that regions go by the people who need the service."""
    must = sum((Fraction(row.must) for row in rows), Fraction(0))
    elements = {key: _element(rows, key, Fraction(weight), must, by_need=by_need) for key, weight in expected.items()}
    return Pooled(
        must,
        sum((Fraction(row.served) for row in rows), Fraction(0)),
        sum((Fraction(min(row.served, row.must)) for row in rows), Fraction(0)),
        sum(row.is_over for row in rows),
        sum(row.lacks_quality(expected) for row in rows),
        elements,
    )


def _element(
    rows: Sequence[EnteredRow], key: Hashable, weight: Fraction, must: Fraction, *, by_need: bool
) -> PooledElement:
    required = fulfilled = there = weighed = Fraction(0)
    for row in rows:
        if key not in row.elements:
            continue
        asked, done = row.elements[key]
        people = max(Fraction(row.must), Fraction(1)) if by_need else Fraction(1)
        required += Fraction(asked) * people
        fulfilled += Fraction(min(done, asked)) * people
        there += Fraction(row.must) if must else 1
        weighed += people
    whole = weighed if by_need and weighed else Fraction(1)
    return PooledElement(required, fulfilled, there / (must or len(rows)), weight, whole)


def service_index(
    pooled: Pooled,
    weights: Weights,
    zero_need: ZeroNeedPolicy = ZeroNeedPolicy.MET,
    method: MethodKind = MethodKind.RECIPIENTS_AND_QUALITY,
) -> ServiceIndex:
    """Elements that nothing is required of leave the mean; without any to measure the recipients alone make the
    index."""
    quality = weighted_mean(
        (measure, element.weight) for element in pooled.elements.values() if (measure := element.measure) is not None
    )
    recipients, uncapped = ratio(pooled.reached, pooled.must), ratio(pooled.served, pooled.must)
    if recipients is None:
        index = FULL if zero_need is ZeroNeedPolicy.MET else None
    elif quality is None:
        index = recipients
    elif method is MethodKind.INDICATORS:
        index = quality
    else:
        index = recipients * weights.recipients + quality * weights.quality
    return ServiceIndex(recipients, uncapped, quality, index)


def weighted_mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Of (value, weight); None where the weights add up to nothing."""
    known = list(pairs)
    total = sum((weight for _value, weight in known), Fraction(0))
    return sum((value * weight for value, weight in known), Fraction(0)) / total if total else None


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """Of those that there are."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def domain_index(services: Iterable[Fraction | None]) -> Fraction | None:
    return mean(services)


def region_index(domains: Mapping[str, Fraction | None]) -> Fraction | None:
    return mean(domains.values())


def is_provisional(entered: int, expected: int, lacking: int) -> bool:
    """Whether a row (service × region) is not entered, or entered without some of its quality: then there is no
    category."""
    return entered < expected or lacking > 0


def category(index: Fraction | Decimal | None, bands: Sequence[Band]) -> Band | None:
    """The band of the exact value; None without an index."""
    if index is None:
        return None
    fitting = [band for band in bands if Fraction(band.lowest) <= Fraction(index)]
    return max(fitting, key=lambda band: band.lowest, default=None)


def as_decimal(value: Fraction | None) -> Decimal | None:
    """For a column or a file: thirty significant digits."""
    if value is None:
        return None
    with localcontext() as context:
        context.prec = SHOWN_DIGITS
        return Decimal(value.numerator) / Decimal(value.denominator)
