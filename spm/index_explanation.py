"""How an index was computed: every row that went into it and every step, with the exact figures."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from spm.choices import ElementKind
from spm.index import (
    Band,
    EnteredRow,
    MethodKind,
    Pooled,
    PooledElement,
    ServiceIndex,
    Weights,
    ZeroNeedPolicy,
    as_decimal,
    category,
    is_provisional,
    pool,
    service_index,
)
from spm.models import Achievement, IndexMethod, IndexVersion, QualityElement, ServiceKind


@dataclass(frozen=True)
class ElementStep:
    element: QualityElement
    pooled: PooledElement

    @property
    def required(self) -> Decimal | None:
        return as_decimal(self.pooled.required / self.pooled.people)

    @property
    def fulfilled(self) -> Decimal | None:
        return as_decimal(self.pooled.fulfilled / self.pooled.people)

    @property
    def percent(self) -> Decimal | None:
        return as_decimal(self.pooled.measure)

    @property
    def is_blank(self) -> bool:
        """Whether it was entered for a part of the need only, or for none of it."""
        return self.pooled.share < 1


@dataclass(frozen=True)
class Steps:
    """`rows` are the regions that went into the province's sum, or the one region itself, of `expected`."""

    rows: list[Achievement]
    expected: int
    pooled: Pooled
    elements: list[ElementStep]
    result: ServiceIndex
    version: IndexVersion
    method: IndexMethod | None
    band: Band | None
    shown: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def must(self) -> int:
        return int(self.pooled.must)

    @property
    def served(self) -> int:
        return int(self.pooled.served)

    @property
    def reached(self) -> int:
        return int(self.pooled.reached)

    @property
    def zero_need(self) -> bool:
        return not self.pooled.must

    @property
    def is_provisional(self) -> bool:
        return is_provisional(len(self.rows), self.expected, self.pooled.lacking)

    @property
    def kind(self) -> MethodKind:
        return kind_of(self.method)


def version_of(year: int) -> IndexVersion | None:
    """The weights and categories in force on the first day of the fiscal year."""
    return (
        IndexVersion.objects.filter(valid_from__lte=dt.date(year, 1, 1))
        .order_by("-valid_from")
        .prefetch_related("categories")
        .first()
    )


def bands_of(version: IndexVersion | None) -> list[Band]:
    return [Band(row.name, row.lowest) for row in version.categories.all()] if version else []


def weights_of(version: IndexVersion) -> Weights:
    return Weights(Fraction(version.recipients_weight), Fraction(version.quality_weight))


def method_of(service: ServiceKind, year: int) -> IndexMethod | None:
    """The service's method in force on the first day of the fiscal year; None where it has the general one."""
    day = dt.date(year, 1, 1)
    return max(
        (row for row in service.methods.all() if row.valid_from <= day), key=lambda row: row.valid_from, default=None
    )


def kind_of(method: IndexMethod | None) -> MethodKind:
    return MethodKind(method.method) if method else MethodKind.RECIPIENTS_AND_QUALITY


def elements_in_force(service: ServiceKind, year: int) -> list[QualityElement]:
    """The elements that count on the first day of the fiscal year: indicators where the service has a method of its
    own."""
    day = dt.date(year, 1, 1)
    by_indicators = kind_of(method_of(service, year)) is MethodKind.INDICATORS
    return [
        element
        for element in service.elements.all()
        if element.valid_from <= day
        and (element.valid_to is None or element.valid_to >= day)
        and (element.kind == ElementKind.INDICATOR) == by_indicators
    ]


def explained(service: ServiceKind, region: Region, month: Period) -> Steps | None:
    """None when nothing was entered, or no version of the index is in force."""
    version = version_of(month.year)
    is_province = region.kemendagri_code == PROVINCE_KEMENDAGRI_CODE
    rows = Achievement.objects.filter(service=service, period=month).select_related("region", "need_source__series")
    rows = rows.exclude(region=region) if is_province else rows.filter(region=region)
    found = list(rows.prefetch_related("quality").order_by("region__kemendagri_code"))
    if not found or version is None:
        return None
    elements, method = elements_in_force(service, month.year), method_of(service, month.year)
    pooled = pool(
        [region_row(row) for row in found],
        {element.pk: element.weight for element in elements},
        by_need=kind_of(method) is MethodKind.INDICATORS,
    )
    result = service_index(pooled, weights_of(version), ZeroNeedPolicy(service.zero_need), kind_of(method))
    expected = Region.objects.regencies().count() if is_province else 1
    return Steps(
        found,
        expected,
        pooled,
        [ElementStep(element, pooled.elements[element.pk]) for element in elements],
        result,
        version,
        method,
        None if is_provisional(len(found), expected, pooled.lacking) else category(result.index, bands_of(version)),
        {
            "recipients": as_decimal(result.recipients),
            "recipients_uncapped": as_decimal(result.recipients_uncapped),
            "quality": as_decimal(result.quality),
            "index": as_decimal(result.index),
        },
    )


def region_row(row: Achievement) -> EnteredRow:
    """`quality` has to be prefetched."""
    figures = {figure.element_id: (figure.required, figure.fulfilled) for figure in row.quality.all()}
    return EnteredRow(row.must_be_served, row.served, figures)
