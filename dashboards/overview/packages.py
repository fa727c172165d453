"""The packages of the overview: sums from the tallies, and the largest without declarations."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Sum, Value

from accounts.models import User
from dashboards.filters import DashboardFilter
from dashboards.models import (
    PackageTally,
)
from procurement.models import Contract, Package

if TYPE_CHECKING:
    from django.db.models.expressions import CombinedExpression


ZERO = Decimal(0)


@dataclass(frozen=True)
class PackageFigures:
    """Of the fiscal year; `contracted_rupiah` is the ceiling of those under contract, `missing` lack declarations,
    `held` of them wait at the gate, `flags` findings lie on `flagged`."""

    packages: int = 0
    ceiling_rupiah: Decimal = ZERO
    missing: int = 0
    missing_rupiah: Decimal = ZERO
    held: int = 0
    flagged: int = 0
    flags: int = 0
    contracted: int = 0
    contracted_rupiah: Decimal = ZERO


PACKAGE_SUMS = tuple(PackageFigures.__dataclass_fields__)


def package_figures(user: User, filters: DashboardFilter) -> PackageFigures:
    """One query over the tallies. Packages have neither quarter nor region of their own."""
    rows = filters.summaries(PackageTally.objects.visible_to(user))
    sums = rows.aggregate(**{name: Sum(name) for name in PACKAGE_SUMS})
    return PackageFigures(**{name: value for name, value in sums.items() if value is not None})


@dataclass(frozen=True)
class ContractFigures:
    """Of the packages under contract or completed: what their contracts are worth, and how many have none."""

    value_rupiah: Decimal = ZERO
    without: int = 0


def contract_figures(user: User, filters: DashboardFilter) -> ContractFigures:
    """From the contracts themselves, after their addenda: the ceilings of the packages are another sum."""
    packages = filters.packages(Package.objects.visible_to(user)).under_contract()
    contracts = Contract.objects.current().filter(package__in=packages)
    value = contracts.with_worth().aggregate(value=Sum("worth"))["value"]
    without = packages.filter(~Exists(Contract.objects.current().filter(package=OuterRef("pk"))))
    return ContractFigures(value or ZERO, without.count())


def packages_lacking(user: User, filters: DashboardFilter, shown: int) -> list[Package]:
    """Without complete declarations, the largest first."""
    there = Package.objects.visible_to(user).without_declarations().select_related("agency")
    rows = filters.packages(there)
    largest: F | CombinedExpression = F("ceiling_rupiah")
    if filters.domain:
        # Few packages are of a domain's programmes: PostgreSQL shall go from those, not down the index of ceilings.
        largest = largest + Value(ZERO)
    return list(rows.order_by(largest.desc(), "pk")[:shown])
