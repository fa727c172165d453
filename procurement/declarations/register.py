"""The register of declarations: who is missing in it, and the workbook that the Inspektorat takes away."""

import datetime as dt
import tempfile

from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Membership, User
from core import audit
from core.choices import AGENCY_ROLES, Role
from core.digests import sha256_of
from core.exports.columns import ExportColumn, as_cells
from core.exports.database import objects_of
from core.exports.workbooks import ExportSheet, write_workbook
from core.formats import acting, moment
from procurement.choices import ProcessingState
from procurement.declarations import permissions
from procurement.declarations.filters import RegisterFilter
from procurement.models import AuditExport, Declaration

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAYOUT = "register"


def _decided_at(declaration: Declaration) -> dt.datetime | None:
    return timezone.localtime(declaration.decision.decided_at) if hasattr(declaration, "decision") else None


# The register as the Inspektorat keeps it: who declared what, how it was signed, and what the superior decided.
COLUMNS = [
    ExportColumn(_lazy("Declared"), lambda row: timezone.localtime(row.declared_at), "moment"),
    ExportColumn(_lazy("Name of the official"), lambda row: str(row.declarer), width=30),
    ExportColumn("OPD", lambda row: row.agency.name, width=40),
    ExportColumn(_lazy("Year"), lambda row: row.fiscal_year, "number"),
    ExportColumn(_lazy("RUP code"), lambda row: row.officer.package.rup_code if row.officer else ""),
    ExportColumn(_lazy("Package"), lambda row: row.officer.package.name if row.officer else "", width=50),
    ExportColumn(_lazy("Task"), lambda row: row.officer.get_role_display() if row.officer else "", width=30),
    ExportColumn(_lazy("Version"), lambda row: row.number, "number"),
    ExportColumn(_lazy("Interest"), lambda row: _lazy("has an interest") if row.has_interest else _lazy("no interest")),
    ExportColumn(
        _lazy("Interests"),
        lambda row: "; ".join(f"{i.get_kind_display()}: {i.party_name} ({i.relation})" for i in row.interests.all()),
        width=60,
    ),
    ExportColumn(_lazy("Signed by"), lambda row: row.get_signed_by_display()),
    ExportColumn(_lazy("Decision"), lambda row: row.decision.get_kind_display() if hasattr(row, "decision") else ""),
    ExportColumn(_lazy("Reason"), lambda row: row.decision.reason if hasattr(row, "decision") else "", width=50),
    ExportColumn(
        _lazy("Decided by"),
        lambda row: acting(row.decision.decided_by, row.decision.acting_for) if hasattr(row, "decision") else "",
        width=30,
    ),
    ExportColumn(_lazy("Decided"), _decided_at, "moment"),
]


def missing_of(year: int) -> QuerySet[Membership]:
    """Every membership in an OPD whose person has not declared for the year; standing in does not count."""
    declared = Declaration.objects.yearly().filter(
        declarer=OuterRef("user"), agency=OuterRef("agency"), fiscal_year=year
    )
    rows = Membership.objects.in_force().filter(role__in=sorted(AGENCY_ROLES), delegated_by__isnull=True)
    return rows.filter(~Exists(declared), user__is_active=True)


def without_yearly(user: User, year: int) -> QuerySet[Membership]:
    """Memberships in an OPD whose person has not declared for the year, as far as the user may know."""
    rows = missing_of(year)
    if not user.has_role(Role.AUDITOR):
        rows = rows.filter(agency_id__in=user.headed_agency_ids)
    return rows.select_related("user", "agency").order_by("agency__name", "user__full_name", "pk")


def workbook(found: RegisterFilter, *, by: User, fiscal_year: int) -> FileResponse:
    """One sheet of declarations, one of facts; known to the verification page by its SHA-256."""
    permissions.check_may_export_register(by)
    now = timezone.localtime()
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    facts = [
        (_("Fiscal year"), str(fiscal_year)),
        (_("Filters"), found.form.data.urlencode() if found.form.data else "–"),
        (_("Made by"), str(by)),
        (_("Made"), moment(now)),
    ]
    title = _("Register of declarations")
    sheet = ExportSheet(title, COLUMNS, as_cells(COLUMNS, objects_of(found.qs)))
    counts = write_workbook(file, [sheet], lambda rows: [*facts, ("Jumlah baris", rows[title])])
    count = counts[title]
    export = AuditExport(
        layout=LAYOUT,
        file_format="xlsx",
        fiscal_year=fiscal_year,
        filters=found.form.data.urlencode()[:2000],
        file_name=f"register-pernyataan-{fiscal_year}-{now:%Y%m%d-%H%M%S}.xlsx",
        made_by=by,
        rows=count,
        expected=count,
        sha256=sha256_of(file),
        state=ProcessingState.READY,
    )
    export.save()
    audit.record("declarations.exported", export, by=by, file=export.file_name, sha256=export.sha256, rows=count)
    response = FileResponse(file, as_attachment=True, filename=export.file_name, content_type=XLSX)
    response["X-File-SHA256"] = export.sha256
    response["Cache-Control"] = "no-store"
    return response
