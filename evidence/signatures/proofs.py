"""Whether what is called signed is: the decision in the sealed trail, the file that it names, the signature in it."""

import hashlib

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from core import private_files
from core.chain import ChainFinding
from core.models import AuditEvent
from evidence.choices import SignatureState
from evidence.models import PaperSignature
from evidence.signatures.services import FOLDER

SIGNED = "signature.signed"


def findings() -> list[ChainFinding]:
    """A row of each signed paper that has no such decision, or whose file is another."""
    table = PaperSignature._meta.db_table  # noqa: SLF001 (Django's public-by-use API)
    told = AuditEvent.objects.filter(
        action=SIGNED,
        target_type=PaperSignature._meta.label_lower,  # noqa: SLF001
        target_id=Cast(OuterRef("pk"), CharField()),
        details__sha256=OuterRef("sha256"),
        details__certificate=OuterRef("certificate"),
    )
    rows = PaperSignature.objects.filter(state=SignatureState.SIGNED).annotate(is_told=Exists(told)).order_by("pk")
    found = []
    for row in rows.iterator():
        if not row.is_told:
            found.append(ChainFinding(table, row.pk, _("is called signed, and the trail knows of no such signature")))
        elif (problem := _problem_of(row)) != "":
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
    return ""
