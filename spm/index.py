"""The index of applying SPM (Indeks Pencapaian, Permendagri 59/2021), exactly. Pure.

P = served ÷ must be served × 100; M = mean of the quality elements' fulfilled ÷ required × 100; IP of a service = P ×
weight of the recipients + M × weight of the quality. A domain is the mean of its services, a region the mean of its
domains. Every ratio is capped at 100; the uncapped one is kept beside it. Nothing is rounded but when it is shown.

This is the computation row by row, for "how was this computed" and as what the SQL of `spm.index_store` is held
against.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

FULL = Fraction(100)
SHOWN_DIGITS = 30


class ZeroNeedPolicy(StrEnum):
    """What a period without anybody to serve counts as."""

    MET = "met"
    EXCLUDED = "excluded"


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
class ServiceIndex:
    """`recipients` and `quality` are capped, in per cent; None where there is nothing to divide by.

    `index` is None when the service leaves the mean (no need, policy `excluded`). `over` says that something was
    above 100.
    """

    recipients: Fraction | None
    recipients_uncapped: Fraction | None
    quality: Fraction | None
    index: Fraction | None
    over: bool = False


def ratio(part: Decimal | int, whole: Decimal | int) -> Fraction | None:
    """In per cent, uncapped; None without a whole."""
    return Fraction(part) * 100 / Fraction(whole) if whole else None


def capped(value: Fraction | None) -> Fraction | None:
    return None if value is None else min(value, FULL)


def service_index(
    must: Decimal | int,
    served: Decimal | int,
    elements: Sequence[tuple[Decimal | int, Decimal | int]],
    weights: Weights,
    zero_need: ZeroNeedPolicy = ZeroNeedPolicy.MET,
) -> ServiceIndex:
    """`elements` are (required, fulfilled); those that nothing is required of leave the mean.

    Without any quality element to measure the recipients alone make the index.
    """
    uncapped = ratio(served, must)
    measures = [measure for required, fulfilled in elements if (measure := ratio(fulfilled, required)) is not None]
    quality = mean(min(measure, FULL) for measure in measures)
    over = any(measure > FULL for measure in [*measures, *([uncapped] if uncapped is not None else [])])
    if uncapped is None:
        if zero_need is ZeroNeedPolicy.EXCLUDED:
            return ServiceIndex(None, None, quality, None, over)
        return ServiceIndex(None, None, quality, FULL, over)
    recipients = min(uncapped, FULL)
    if quality is None:
        return ServiceIndex(recipients, uncapped, None, recipients, over)
    return ServiceIndex(
        recipients, uncapped, quality, recipients * weights.recipients + quality * weights.quality, over
    )


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """Of those that there are."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def domain_index(services: Iterable[Fraction | None]) -> Fraction | None:
    return mean(services)


def region_index(domains: Mapping[str, Fraction | None]) -> Fraction | None:
    return mean(domains.values())


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
