"""The auditor's procurement report: one declaration of columns for the page, the XLSX and the CSV."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from core.exporting import Column
from procurement.choices import PackageState
from procurement.models import Package, PackageQuerySet


@dataclass(frozen=True)
class Totals:
    """Sums over every row that the filters let through, computed by PostgreSQL."""

    packages: int
    ceiling_rupiah: Decimal
    hps_rupiah: Decimal
    without_declarations: int


def rows(queryset: PackageQuerySet) -> PackageQuerySet:
    """The report's rows in its order, with what the columns read; one query however many rows."""
    return queryset.select_related("agency", "program").with_declaration_counts().order_by("agency__name", "rup_code")


def totals(queryset: PackageQuerySet) -> Totals:
    sums = queryset.aggregate(count=Count("pk"), ceiling=Sum("ceiling_rupiah"), hps=Sum("hps_rupiah"))
    missing = queryset.filter(pk__in=Package.objects.without_declarations()).count()
    return Totals(sums["count"], sums["ceiling"] or Decimal(0), sums["hps"] or Decimal(0), missing)


def declaration_state(package: Any) -> str:
    """'complete', 'missing', or not applicable for a package that came to nothing."""
    if package.state in (PackageState.CANCELLED, PackageState.FAILED):
        return str(_("not needed"))
    if package.commitment_officers and package.officers == package.cleared:
        return str(_("complete"))
    return str(_("missing"))


COLUMNS = [
    Column(_("RUP code"), lambda row: row.rup_code, width=14),
    Column(_("Package"), lambda row: row.name, width=60),
    Column(_("OPD"), lambda row: row.agency.name, width=40),
    Column(_("Programme"), lambda row: row.program.name if row.program else "", width=40),
    Column(_("Fiscal year"), lambda row: str(row.fiscal_year), width=10),
    Column(_("Kind"), lambda row: row.get_kind_display(), width=18),
    Column(_("Method"), lambda row: row.get_method_display(), width=24),
    Column(_("Ceiling (Rp)"), lambda row: row.ceiling_rupiah, kind="rupiah", width=20, total=True),
    Column(_("HPS (Rp)"), lambda row: row.hps_rupiah, kind="rupiah", width=20, total=True),
    Column(_("State"), lambda row: row.get_state_display(), width=14),
    Column(_("Announced"), lambda row: row.announced_at, kind="moment", width=18),
    Column(_("Officials"), lambda row: row.officers, kind="number", width=10),
    Column(_("Declared and decided"), lambda row: row.cleared, kind="number", width=12),
    Column(_("Declarations"), declaration_state, width=14),
    Column(_("Sample data"), lambda row: str(_("yes")) if row.is_sample else "", width=12),
]
