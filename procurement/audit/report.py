"""The auditor's procurement report: one declaration of columns for the page, the XLSX, the CSV and the PDF."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from core.exports.columns import ExportColumn
from core.exports.database import labels, literal
from core.sql import statement
from procurement.choices import Method, PackageKind, PackageState
from procurement.models import Contract, PackageQuerySet

SQL = statement("report.sql", beside=__file__)


@dataclass(frozen=True)
class Totals:
    """Sums over every row that the filters let through, computed by PostgreSQL."""

    packages: int
    ceiling_rupiah: Decimal
    hps_rupiah: Decimal
    without_declarations: int


def rows(queryset: PackageQuerySet) -> PackageQuerySet:
    """The report's rows in its order, with what the screen shows; one query however many rows."""
    shown = queryset.select_related("agency", "program").with_declaration_counts()
    shown = shown.annotate(contract_rupiah=Contract.objects.value_of_package())
    return shown.order_by("agency__name", "rup_code")


def totals(queryset: PackageQuerySet) -> Totals:
    sums = queryset.aggregate(count=Count("pk"), ceiling=Sum("ceiling_rupiah"), hps=Sum("hps_rupiah"))
    missing = queryset.filter(lacks_declarations=True).count()
    return Totals(sums["count"], sums["ceiling"] or Decimal(0), sums["hps"] or Decimal(0), missing)


def of(queryset: PackageQuerySet) -> str:
    """The report's SQL over the packages of the queryset, with `{columns}` left open."""
    return SQL.replace("{packages}", queryset.ids_in_sql())


def columns() -> list[ExportColumn]:
    """The columns, with labels of choices in the language of the request."""
    state = (
        f"CASE WHEN p.state IN ('cancelled', 'failed') THEN {literal(str(_('not needed')))} "
        f"WHEN p.lacks_declarations THEN {literal(str(_('missing')))} ELSE {literal(str(_('complete')))} END"
    )
    return [
        ExportColumn(_("RUP code"), "p.rup_code", width=14),
        ExportColumn(_("Package"), "p.name", width=60),
        ExportColumn(_("OPD"), "g.name", width=40),
        ExportColumn(_("Programme"), "coalesce(q.name, '')", width=40),
        ExportColumn(_("Sub-activity"), "coalesce(u.sbl_code, '')", width=24),
        ExportColumn(_("Fiscal year"), "p.fiscal_year::text", width=10),
        ExportColumn(_("Kind"), labels("p.kind", PackageKind), width=18),
        ExportColumn(_("Method"), labels("p.method", Method), width=24),
        ExportColumn(
            _("Method carried out"), labels("coalesce(nullif(p.selection_method, ''), p.method)", Method), width=24
        ),
        ExportColumn(_("Ceiling (Rp)"), "p.ceiling_rupiah", "rupiah", 20, total=True),
        ExportColumn(_("HPS (Rp)"), "p.hps_rupiah", "rupiah", 20, total=True),
        ExportColumn(_("State"), labels("p.state", PackageState), width=14),
        ExportColumn(_("In the RUP since"), "p.rup_published_on", "date", 12),
        ExportColumn(_("Announced"), "p.announced_at", "moment", 18),
        ExportColumn(_("Offers"), "coalesce(o.offers, 0)", "number", 9),
        ExportColumn(_("Lowest valid offer (Rp)"), "o.lowest", "rupiah", 20),
        ExportColumn(_("Supplier"), "coalesce(c.supplier, '')", width=36),
        ExportColumn(_("Contract"), "coalesce(c.number, '')", width=24),
        ExportColumn(_("Signed"), "c.signed_on", "date", 12),
        ExportColumn(
            _("Bought by"), "CASE WHEN c.number IS NOT NULL THEN coalesce(h.name, g.name) ELSE '' END", width=40
        ),
        ExportColumn(_("Contract value (Rp)"), "c.value", "rupiah", 20, total=True),
        ExportColumn(_("Value after addenda (Rp)"), "c.value_now", "rupiah", 20, total=True),
        ExportColumn(_("Paid (Rp)"), "c.paid", "rupiah", 20, total=True),
        ExportColumn(_("Officials"), "coalesce(r.officers, 0)", "number", 10),
        ExportColumn(_("Declared and decided"), "coalesce(r.cleared, 0)", "number", 12),
        ExportColumn(_("Interests declared"), "coalesce(r.interests, 0)", "number", 12),
        ExportColumn(_("Declarations"), state, width=14),
        ExportColumn(_("Overrides"), "coalesce(v.overrides, 0)", "number", 10),
        ExportColumn(_("Red flags"), "coalesce(f.codes, '')", width=24),
    ]
