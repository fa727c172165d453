"""Files for auditors: made, hashed, written into the trail, and recognised when somebody brings one back."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, errors, private_files
from core.digests import sha256_of
from core.exports.columns import ExportColumn
from core.exports.database import copy_csv, rows_of
from core.exports.workbooks import ExportSheet, TooManyRows, write_workbook
from core.formats import moment
from core.models import AuditEvent, ChainBlock
from core.numbers import format_number, format_rupiah
from core.request_values import query_in
from core.typesetting import typeset
from evidence.signatures import papers
from procurement.audit import annexes, permissions
from procurement.audit import report as audit_report
from procurement.choices import ProcessingState
from procurement.models import AuditExport, Flag, GateOverride, Package, PackageQuerySet
from procurement.ocds import releases
from procurement.packages.filters import PackageFilter

BASIS = "Perpres 16/2018 jo. 12/2021 jo. 46/2025; Permenpan RB 17/2024"
LIST, PAPER = "daftar", "kertas_kerja"
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}
FOLDER = "audit"
OFFERED = {(LIST, "xlsx"), (LIST, "csv"), (LIST, "json"), (PAPER, "xlsx"), (PAPER, "pdf")}
AT_ONCE = {"csv": 2_000_000, "xlsx": 10_000, "pdf": 200, "json": 3_000}  # rows; above it the worker makes the file
PDF_ROWS = 2_000
TEMPLATE = Path(settings.BASE_DIR) / "templates" / "procurement" / "audit" / "working_paper.typ"


class CannotIssueError(Exception):
    """The file cannot be made; the message tells people what to do instead."""


def chosen(export: AuditExport) -> tuple[PackageFilter, PackageQuerySet]:
    """The filter and the packages that the export stands for, as its maker may see them."""
    rows = Package.objects.visible_to(export.made_by).of_year(export.fiscal_year)
    found = PackageFilter(query_in(export.filters), queryset=rows)
    return found, found.qs


def order(*, by: User, layout: str, file_format: str, fiscal_year: int, filters: str) -> AuditExport:
    """A file that is to be made, with the number of rows to expect."""
    permissions.check_may_export(by)
    export = AuditExport(
        layout=layout,
        file_format=file_format,
        fiscal_year=fiscal_year,
        filters=filters[:2000],
        made_by=by,
        state=ProcessingState.WAITING,
    )
    export.expected = chosen(export)[1].count()
    export.save()
    return export


def is_quick(export: AuditExport) -> bool:
    """Small enough to be made within the request."""
    return export.expected <= AT_ONCE[export.file_format]


def is_signable(export: AuditExport) -> bool:
    """The working paper as a PDF is kept even when it is small: it can be signed later."""
    return (export.layout, export.file_format) == (PAPER, "pdf")


def keep(file: BinaryIO) -> str:
    """Under which name it is stored."""
    return private_files.store_whole(FOLDER, file)


def make(
    export: AuditExport,
    file: BinaryIO,
    tell: Callable[[int], None] | None = None,
    keep: Callable[[BinaryIO], str] | None = None,
) -> AuditExport:
    """Write the file, then its facts and SHA-256 into the record and the trail. Raises CannotIssueError.

    `keep` stores the written file and names it; only what is stored is ready.
    """
    found, packages = chosen(export)
    totals = audit_report.totals(packages)
    now = timezone.localtime()
    export.file_name = (
        f"{export.layout.replace('_', '-')}-pengadaan-{export.fiscal_year}-{now:%Y%m%d-%H%M%S}.{export.file_format}"
    )
    try:
        if export.file_format == "csv":
            export.rows = copy_csv(file, audit_report.of(packages), audit_report.columns())
        elif export.file_format == "xlsx":
            export.rows = _book(export, found, packages, totals, file, tell)
        elif export.file_format == "json":
            export.rows = _ocds(packages, file)
        else:
            export.rows = _paper(export, found, packages, totals, file)
    except TooManyRows as error:
        raise CannotIssueError(_("More rows than a worksheet holds. Narrow the filters, or take the CSV.")) from error
    export.sha256 = sha256_of(file)
    if keep is not None:
        export.stored_as = keep(file)
    export.sums = {
        "ceiling_rupiah": str(totals.ceiling_rupiah),
        "hps_rupiah": str(totals.hps_rupiah),
        "packages": totals.packages,
    }
    export.made_at, export.state = timezone.now(), ProcessingState.READY
    with transaction.atomic():
        export.save()
        audit.record(
            "procurement_report.exported",
            export,
            by=export.made_by,
            file=export.file_name,
            layout=export.layout,
            sha256=export.sha256,
            rows=export.rows,
            ceiling_rupiah=str(totals.ceiling_rupiah),
            filters=parse_qs(export.filters),
            fiscal_year=export.fiscal_year,
        )
    return export


def _book(
    export: AuditExport,
    found: PackageFilter,
    packages: PackageQuerySet,
    totals: audit_report.Totals,
    file: BinaryIO,
    tell: Callable[[int], None] | None,
) -> int:
    columns = audit_report.columns()
    is_paper = export.layout == PAPER
    title = f"A {_('Procurement')}" if is_paper else _("Procurement")
    sheets = [ExportSheet(title, columns, rows_of(audit_report.of(packages), columns))]
    if is_paper:
        sheets += annexes.sheets(packages)
    counts = write_workbook(file, sheets, facts(export, found, totals), tell)
    return counts[title]


def _ocds(packages: PackageQuerySet, file: BinaryIO) -> int:
    """A release package of the audit edition, written as it is read."""
    head = releases.package_of("releases", [], address=f"{settings.PORTAL_ADDRESS}/audit/pengadaan/")
    file.write(
        json.dumps({k: v for k, v in head.items() if k != "releases"}, ensure_ascii=False)[:-1].encode()
        + b', "releases": ['
    )
    count = 0
    for text in releases.release_texts(packages, is_public=False):
        file.write((",\n" if count else "\n").encode() + text.encode())
        count += 1
    file.write(b"\n]}\n")
    return count


def facts(export: AuditExport, found: PackageFilter, totals: audit_report.Totals) -> list[tuple[str, str]]:
    """What the file says about itself."""
    said: list[tuple[str, Any]] = [
        (_("Report"), _("Procurement packages and declarations")),
        (_("Fiscal year"), export.fiscal_year),
        (_("Made"), moment(timezone.now())),
        (_("Made by"), f"{export.made_by} ({export.made_by.get_username()})"),
        ("Jumlah baris", totals.packages),
        (_("Total ceiling"), format_rupiah(totals.ceiling_rupiah)),
        (_("Total HPS"), format_rupiah(totals.hps_rupiah)),
        (_("Packages without complete declarations"), totals.without_declarations),
        (_("Packages with red flags"), _flagged(found)),
        (_("Red flags"), _findings(found)),
        (_("Overrides"), GateOverride.objects.filter(package__in=found.qs).count()),
        (_("Legal basis"), BASIS),
        (_("Last seal of the audit chain"), _head()),
        (_("To verify this file"), f"{settings.PORTAL_ADDRESS}/verifikasi/"),
    ]
    said += [(_("Filter: %(name)s") % {"name": label}, value) for label, value in filters_in_words(found)]
    return [(str(name), str(value)) for name, value in said]


def _flagged(found: PackageFilter) -> int:
    return Flag.objects.ours().raised().filter(package__in=found.qs).values("package").distinct().count()


def _findings(found: PackageFilter) -> str:
    """What sheet B has a row for, counted as the page counts it."""
    aside = dict.fromkeys((False, True), 0)
    for suppressed_at in annexes.findings_of(found.qs).order_by().values_list("suppressed_at", flat=True):
        aside[suppressed_at is not None] += 1
    return _("%(raised)s raised, %(aside)s put aside; flags that say the same of a package are one") % {
        "raised": format_number(aside[False]),
        "aside": format_number(aside[True]),
    }


def _head() -> str:
    block = ChainBlock.objects.order_by("-number").first()
    return f"{block.number}: {block.hash}" if block else "–"


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


def _paper(
    export: AuditExport, found: PackageFilter, packages: PackageQuerySet, totals: audit_report.Totals, file: BinaryIO
) -> int:
    """The working paper as a PDF: facts, packages with their flags, declarations, overrides, a block to sign on."""
    if totals.packages > PDF_ROWS:
        raise CannotIssueError(
            _("A PDF holds at most %(limit)s packages; these are %(count)s. Narrow the filters, or take the XLSX.")
            % {"limit": format_number(PDF_ROWS), "count": format_number(totals.packages)}
        )
    names = {str(_(name)) for name in PDF_COLUMNS}
    columns = [column for column in audit_report.columns() if column.header in names]
    document = {
        "title": str(_("Working paper: procurement and conflicts of interest")),
        "office": settings.PUBLISHER_NAME,
        "footer": f"{export.file_name}",
        "facts": [list(fact) for fact in facts(export, found, totals)],
        "sections": [
            _section("A", _("Packages"), columns, rows_of(audit_report.of(packages), columns)),
            *(_section(annex.letter, annex.title, annex.columns, annex.rows(packages)) for annex in annexes.annexes()),
        ],
        "empty": str(_("none")),
        # Where it is signed electronically, the sheet of signature takes the place of a line to sign on.
        "signature": None if papers.is_offered() else {"place": "Samarinda", "role": str(_("Auditor"))},
    }
    file.write(typeset(TEMPLATE, document))
    return totals.packages


PDF_COLUMNS = [
    "RUP code",
    "Package",
    "OPD",
    "Method",
    "HPS (Rp)",
    "Supplier",
    "Contract value (Rp)",
    "Declarations",
    "Red flags",
]


def _section(letter: str, title: str, columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """A table of the PDF as its template takes it: everything is text."""
    return {
        "title": f"{letter}. {title}",
        "heads": [str(column.label) for column in columns],  # each moment says its clock itself
        "rows": [[_cell(column, value) for column, value in zip(columns, row, strict=True)] for row in rows],
    }


def _cell(column: ExportColumn, value: Any) -> str:
    if value is None:
        return ""
    if column.kind == "rupiah":
        return format_number(value)
    if column.kind == "number":
        return format_number(round(Decimal(str(value)), 4))
    if column.kind == "moment":
        return f"{value:%d/%m/%Y %H.%M} {settings.TIME_ZONE_LABEL}"
    if column.kind == "date":
        return f"{value:%d/%m/%Y}"
    return str(value)[:300]


def give_up(export: AuditExport, problem: str) -> None:
    """The file cannot be made; why stands on its page."""
    AuditExport.objects.filter(pk=export.pk).give_up(problem)


def make_and_keep(export: AuditExport) -> AuditExport:
    """What the worker does: the file goes to the private files; a failure is told in words."""
    AuditExport.objects.filter(pk=export.pk).update(state=ProcessingState.RUNNING, started_at=timezone.now())

    def tell(count: int) -> None:
        AuditExport.objects.filter(pk=export.pk).update(progress=count)

    with private_files.working_file() as file:
        try:
            make(export, file, tell, keep=keep)
        except CannotIssueError as error:
            give_up(export, str(error))
            export.refresh_from_db()
        except OSError as error:
            if not errors.is_disk_full(error):
                raise
            errors.tell_of_full_disk()
            give_up(export, _("There was no room for the file; the administrators have been told. Ask for it again."))
            export.refresh_from_db()
    return export


def end(pk: int, why: str) -> None:
    """Its making died."""
    AuditExport.objects.filter(pk=pk).under_way().give_up(why)


def end_what_died(before: dt.datetime, why: str) -> int:
    return AuditExport.objects.begun_before(before).give_up(why)


def issued(digest: str) -> AuditExport | None:
    """The issued file with this SHA-256, None when the portal never issued such a file."""
    return (
        AuditExport.objects.filter(sha256=digest.strip().lower(), state=ProcessingState.READY)
        .select_related("made_by")
        .first()
    )


def issued_before(digest: str) -> AuditEvent | None:
    """The trail's own word on the file: it stands even when the record of the file was removed."""
    return AuditEvent.objects.filter(action="procurement_report.exported", details__sha256=digest).first()
