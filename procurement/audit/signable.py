"""The working paper on procurement as a paper to sign: the kept file, recognised later by its SHA-256."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import private_files
from core.request_values import whole_number
from evidence.signatures.papers import Paper
from procurement.audit import files as audit_files
from procurement.audit.permissions import may_export
from procurement.choices import ProcessingState
from procurement.models import AuditExport


def paper(key: str, user: User) -> Paper | None:
    number = whole_number(key, digits=18)
    if number is None:
        return None
    papers = AuditExport.objects.visible_to(user).filter(layout=audit_files.PAPER, file_format="pdf")
    row = papers.filter(pk=number, state=ProcessingState.READY).exclude(stored_as="").first()
    if row is None:
        return None
    return Paper(
        title=_("Working paper on procurement, %(year)s") % {"year": row.fiscal_year},
        file_name=row.file_name,
        address=reverse("procurement:audit-file", args=[row.pk]),
        may_sign=may_export(user),
        make_body=lambda: _body(row),
    )


def _body(row: AuditExport) -> bytes:
    with private_files.open_stored(audit_files.FOLDER, row.stored_as) as file:
        return file.read()
