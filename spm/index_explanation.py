"""How an index was computed: every row that went into it and every step, with the exact figures."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from spm.index import Band, ServiceIndex, Weights, ZeroNeedPolicy, as_decimal, category, ratio, service_index
from spm.models import Achievement, IndexVersion, QualityElement, ServiceKind


@dataclass(frozen=True)
class ElementStep:
    element: QualityElement
    required: Decimal
    fulfilled: Decimal

    @property
    def percent(self) -> Decimal | None:
        return as_decimal(ratio(self.fulfilled, self.required))


@dataclass(frozen=True)
class Steps:
    """`rows` are the regions that went into the province's sum, or the one region itself."""

    rows: list[Achievement]
    must: int
    served: int
    elements: list[ElementStep]
    result: ServiceIndex
    version: IndexVersion
    band: Band | None
    zero_need: bool = False
    shown: dict[str, Decimal | None] = field(default_factory=dict)


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


def explained(service: ServiceKind, region: Region, month: Period) -> Steps | None:
    """None when nothing was entered, or no version of the index is in force."""
    version = version_of(month.year)
    rows = Achievement.objects.filter(service=service, period=month).select_related("region", "need_source__series")
    if region.kemendagri_code == PROVINCE_KEMENDAGRI_CODE:
        rows = rows.exclude(region=region)
    else:
        rows = rows.filter(region=region)
    found = list(rows.prefetch_related("quality__element").order_by("region__kemendagri_code"))
    if not found or version is None:
        return None
    sums: dict[QualityElement, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in found:
        for figure in row.quality.all():
            sums[figure.element][0] += figure.required
            sums[figure.element][1] += figure.fulfilled
    elements = [ElementStep(element, required, fulfilled) for element, (required, fulfilled) in sums.items()]
    must, served = sum(row.must_be_served for row in found), sum(row.served for row in found)
    pairs = [(step.required, step.fulfilled) for step in elements]
    result = service_index(must, served, pairs, weights_of(version), ZeroNeedPolicy(service.zero_need))
    shown = {
        "recipients": as_decimal(result.recipients),
        "recipients_uncapped": as_decimal(result.recipients_uncapped),
        "quality": as_decimal(result.quality),
        "index": as_decimal(result.index),
    }
    return Steps(
        found, must, served, elements, result, version, category(result.index, bands_of(version)), must == 0, shown
    )
