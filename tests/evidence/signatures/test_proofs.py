"""What is called signed past the portal shows in the verification of the chain."""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from core import private_files
from dashboards.models import Briefing
from evidence.choices import PaperKind
from evidence.models import PaperSignature
from evidence.signatures import proofs, services
from kaltim_portal.stand_ins import esign

Capture = Callable[..., Any]


def test_a_signed_paper_is_in_order(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = services.prepare(kind=PaperKind.BRIEFING, key=str(briefing.pk), by=signer)
    with django_capture_on_commit_callbacks(execute=True):
        services.send(pk=row.pk, by=signer, passphrase=esign.PASSPHRASE)
    row.refresh_from_db()
    assert row.sha256
    assert proofs.findings() == []
    with private_files.open_stored(services.FOLDER, row.stored_as) as file:
        signed = file.read()
    private_files.delete(services.FOLDER, row.stored_as)
    assert ["hilang" in finding.what for finding in proofs.findings()] == [True]
    private_files.private_storage().save(f"{services.FOLDER}/{row.stored_as}", ContentFile(signed + b"\n"))
    assert ["bukan" in finding.what for finding in proofs.findings()] == [True]


def test_a_row_that_was_made_signed_by_hand(bsre: esign.EsignWorld, briefing: Briefing, signer: User) -> None:
    row = services.prepare(kind=PaperKind.BRIEFING, key=str(briefing.pk), by=signer)
    now = timezone.now()
    PaperSignature.objects.filter(pk=row.pk).update(state="sent", sent_at=now)
    forged = {"sha256": row.prepared_sha256, "certificate": "Gubernur", "answered_at": now}
    PaperSignature.objects.filter(pk=row.pk).update(state="signed", **forged)
    assert [finding.row for finding in proofs.findings()] == [row.pk]
