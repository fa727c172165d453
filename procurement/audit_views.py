"""The auditor's procurement report and its files."""

import tempfile
from typing import Any
from urllib.parse import parse_qs

from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core import audit
from core.access import Scope, access, roles
from core.choices import Role
from core.exporting import TooManyRows, rows_of, sha256_of, write_csv, write_xlsx
from core.htmx import render_partial
from core.listing import kept_filters, page_of
from core.models import AuditEvent
from core.numbers import format_rupiah
from core.templatetags.idid import moment
from procurement import audit_report
from procurement.filters import PackageFilter
from procurement.models import Package, PackageQuerySet

AUDITORS = roles(Role.AUDITOR, scope=Scope.PROVINCE)
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def _filtered(request: SignedInRequest, data: QueryDict) -> PackageFilter:
    rows = Package.objects.visible_to(request.user).of_year(request.desk.fiscal_year)
    return PackageFilter(data, queryset=rows)


@access(AUDITORS)
def procurement_report(request: SignedInRequest) -> HttpResponse:
    found = _filtered(request, request.GET)
    context = {
        "filter": found,
        "page": page_of(request, audit_report.rows(found.qs)),
        "totals": audit_report.totals(found.qs),
        "kept_filters": kept_filters(request),
        "declaration_state": audit_report.declaration_state,
        "exports": AuditEvent.objects.filter(action="procurement_report.exported", actor_id=request.user.pk)[:5],
    }
    return render_partial(request, "procurement/audit_report.html", "results", context)


@require_POST
@access(AUDITORS)
def export(request: SignedInRequest) -> HttpResponseBase:
    """The same rows as a file. A POST, because the export itself is written into the trail, with the file's SHA-256."""
    kind = request.POST.get("format", "")
    if kind not in TYPES:
        return render(request, "procurement/export_problem.html", {"problem": _("Choose XLSX or CSV.")}, status=400)
    found = _filtered(request, QueryDict(request.POST.get("filters", "")))
    rows: PackageQuerySet = audit_report.rows(found.qs)
    totals = audit_report.totals(found.qs)
    facts = _facts(request, found, totals)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    try:
        if kind == "xlsx":
            count = write_xlsx(file, audit_report.COLUMNS, rows_of(rows), sheet=_("Procurement"), facts=facts)
        else:
            count = write_csv(file, audit_report.COLUMNS, rows_of(rows))
    except TooManyRows:
        file.close()
        problem = _("More rows than a worksheet holds. Narrow the filters, or take the CSV.")
        return render(request, "procurement/export_problem.html", {"problem": problem}, status=422)
    digest = sha256_of(file)
    now = timezone.localtime()
    name = f"laporan-pengadaan-{request.desk.fiscal_year}-{now:%Y%m%d-%H%M%S}.{kind}"
    audit.record(
        "procurement_report.exported",
        None,
        by=request.user,
        file=name,
        sha256=digest,
        rows=count,
        ceiling_rupiah=str(totals.ceiling_rupiah),
        filters=parse_qs(request.POST.get("filters", "")),
        fiscal_year=request.desk.fiscal_year,
    )
    response = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])
    response["X-File-SHA256"] = digest
    response["Cache-Control"] = "no-store"
    return response


def _facts(request: SignedInRequest, found: PackageFilter, totals: audit_report.Totals) -> list[tuple[str, str]]:
    """What the second worksheet says about the file."""
    facts: list[tuple[str, Any]] = [
        (_("Report"), _("Procurement packages and declarations")),
        (_("Fiscal year"), request.desk.fiscal_year),
        (_("Made"), moment(timezone.now())),
        (_("Made by"), f"{request.user} ({request.user.get_username()})"),
        (_("Total ceiling"), format_rupiah(totals.ceiling_rupiah)),
        (_("Total HPS"), format_rupiah(totals.hps_rupiah)),
        (_("Packages without complete declarations"), totals.without_declarations),
        (_("Legal basis"), "Perpres 16/2018 jo. 12/2021 jo. 46/2025; Permenpan RB 17/2024"),
    ]
    facts += [(_("Filter: %(name)s") % {"name": label}, value) for label, value in filters_in_words(found)]
    return [(str(name), str(value)) for name, value in facts]


def filters_in_words(found: PackageFilter) -> list[tuple[str, str]]:
    """The filters that are set, as people read them."""
    if not found.form.is_valid():
        return []
    words = []
    for name, field in found.form.fields.items():
        value = found.form.cleaned_data.get(name)
        if value in (None, ""):
            continue
        choices = dict(getattr(field, "choices", None) or {}) if not hasattr(value, "pk") else {}
        words.append((str(field.label), str(choices.get(value, value))))
    return words
