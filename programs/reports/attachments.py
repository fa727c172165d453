"""Files that back a report: what they are is decided by their content; they lie outside the web root."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import puremagic
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.file_quota import check_room
from accounts.models import User
from core import audit, private_files
from programs.models import Evidence, Report, ReportValue
from programs.reports.permissions import check_may_attach, check_may_detach
from uploads.services import clean_name

FOLDER = "evidence"
MAX_BYTES = 10 * 1024 * 1024
MOST_PER_REPORT = 40
ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def content_type_of(body: bytes) -> str:
    """The type by the bytes themselves; '' for what is not accepted. A workbook with macros is not."""
    if body.startswith(b"PK"):
        try:
            names = {name.lower() for name in zipfile.ZipFile(io.BytesIO(body)).namelist()}
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
            return ""
        has_macros = any(name.endswith("vbaproject.bin") for name in names)
        return XLSX if "xl/workbook.xml" in names and not has_macros else ""
    try:
        found = puremagic.from_string(body[:8192], mime=True)
    except (puremagic.PureError, ValueError):
        return ""
    return found if found in ENDINGS and found != XLSX else ""


@dataclass(frozen=True)
class KeptFile:
    """A file that was accepted and lies under `stored_as`; its name ends as its content says."""

    name: str
    content_type: str
    size: int
    sha256: str
    stored_as: str


def accept(file: Any, folder: str) -> KeptFile:
    """Keep an uploaded file of an accepted type in this folder of the private files. Raises ValidationError; nothing
    is kept then."""
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Make the pictures smaller.") % {"limit": MAX_BYTES // 1024 // 1024}
        )
    body = file.read()
    content_type = content_type_of(body)
    if not content_type:
        raise ValidationError(
            _("Only PDF, PNG, JPEG, WebP and XLSX without macros are accepted; this file is something else.")
        )
    name = Path(clean_name(file.name)).stem[:130] + ENDINGS[content_type]
    stored = private_files.store(folder, [body])
    return KeptFile(name, content_type, stored.size, stored.sha256, stored.name)


@transaction.atomic
def attach(*, report: Report, value: ReportValue | None, file: Any, by: User) -> Evidence:
    """Keep a file with the report, or with one of its values. Raises ValidationError; nothing is kept then."""
    check_may_attach(by, report)
    if report.evidence.count() >= MOST_PER_REPORT:
        raise ValidationError(_("A report takes at most %(limit)s files.") % {"limit": MOST_PER_REPORT})
    check_room(report.program.agency, file.size)
    kept = accept(file, FOLDER)
    evidence = Evidence.objects.create(
        report=report,
        value=value,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        stored_as=kept.stored_as,
        uploaded_by=by,
    )
    audit.record("evidence.attached", evidence, by=by, report=report.pk, sha256=kept.sha256)
    return evidence


def bytes_of_agency(agency_id: int) -> int:
    """Of the evidence in the OPD's reports."""
    rows = Evidence.objects.filter(report__program__agency_id=agency_id)
    total: int | None = rows.aggregate(total=Sum("size"))["total"]
    return total or 0


@transaction.atomic
def detach(*, evidence: Evidence, by: User) -> None:
    """Take a file off an open report; the trail keeps its name and SHA-256. Raises ValidationError."""
    check_may_detach(by, evidence.report)
    audit.record("evidence.detached", evidence, by=by, report=evidence.report_id, sha256=evidence.sha256)
    private_files.delete_after_commit(FOLDER, evidence.stored_as)
    evidence.delete()
