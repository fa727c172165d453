"""Whether what is called signed is: the decision in the sealed trail, the file that it names, the signature in it."""

import hashlib

from django.conf import settings
from django.utils.translation import gettext as _

from core import private_files
from core.chain import ChainFinding
from core.models import AuditEvent
from evidence.choices import SignatureState
from evidence.models import PaperSignature
from evidence.signatures import reading
from evidence.signatures.services import FOLDER

SIGNED = "signature.signed"


def findings() -> list[ChainFinding]:
    """One for each signed paper that has no such decision, whose file is another, or holds no such signature."""
    table = PaperSignature._meta.db_table  # noqa: SLF001 (Django's public-by-use API)
    told = {
        (target, details.get("sha256"), details.get("certificate"))
        for target, details in AuditEvent.objects.filter(action=SIGNED).values_list("target_id", "details").iterator()
    }
    found = []
    for row in PaperSignature.objects.filter(state=SignatureState.SIGNED).order_by("pk").iterator():
        if (str(row.pk), row.sha256, row.certificate) not in told:
            problem = _("is called signed, and the trail knows of no such signature")
        else:
            problem = _problem_of(row)
        if problem:
            found.append(ChainFinding(table, row.pk, problem))
    return found


def _problem_of(row: PaperSignature) -> str:
    try:
        with private_files.open_stored(FOLDER, row.stored_as) as file:
            document = file.read()
    except private_files.StoredFileMissing:
        return _("its signed file is gone")
    if hashlib.sha256(document).hexdigest() != row.sha256:
        return _("its signed file is another one than was signed")
    if hashlib.sha256(document[: row.prepared_size]).hexdigest() != row.prepared_sha256:
        return _("its signed file does not begin with the paper that was prepared")
    return _problem_inside(row, document) if settings.BSRE_ROOTS else ""


def _problem_inside(row: PaperSignature, document: bytes) -> str:
    try:
        found = reading.examined(document, prepared_size=row.prepared_size, waits=True)
    except reading.Unreadable as error:
        return str(error)
    last = found.signatures[-1] if found.signatures else None
    if last is None or not last.is_intact or not found.is_only_signed or last.holder[:300] != row.certificate:
        return _("its file holds no such signature")
    return ""
