"""A paper is prepared, sent once, and then signed, refused or of unknown outcome. Nothing is sent again by itself.

The pass phrase lives in the memory of the one request that brought it: the sending runs after the commit that says
“sent”, in the same request, so that whatever dies on the way leaves a row that a person looks into.
"""

import hashlib
import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import remind
from core import audit, private_files
from evidence.choices import PaperKind, SignatureState
from evidence.models import PaperSignature
from evidence.signatures import esign, papers, reading
from evidence.signatures.permissions import check_may_change, check_may_prepare
from evidence.signatures.sheet import with_sheet

FOLDER = "signatures"
LARGEST_PAPER = 10 * 1024 * 1024
SENT_TOO_LONG = timedelta(minutes=3)  # longer than the service is waited for
PLACE = "Samarinda"
logger = logging.getLogger(__name__)


@transaction.atomic
def prepare(*, kind: PaperKind, key: str, by: User) -> PaperSignature:
    """The paper with its sheet, kept; one that is under way or signed by this person already is given instead.

    Raises PermissionDenied, ValidationError, Http404.
    """
    paper = papers.paper_of(kind, key, by)
    check_may_prepare(by, paper)
    # One at a time and person, so that two clicks don't prepare two.
    User.objects.select_for_update().get(pk=by.pk)
    there = PaperSignature.objects.of_paper(kind, key).filter(signer=by).exclude(state=SignatureState.REFUSED).first()
    if there is not None:
        return there
    body = paper.make_body()
    if len(body) > LARGEST_PAPER:
        raise ValidationError(
            _("The file is larger than %(size)s MB and can't be signed.") % {"size": LARGEST_PAPER // 1024**2}
        )
    row = PaperSignature(
        kind=kind, paper_key=key, title=paper.title, file_name=paper.file_name, signer=by, paper_sha256=_sha256(body)
    )
    try:
        prepared = with_sheet(body, row)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    row.prepared_sha256, row.prepared_size = _sha256(prepared), len(prepared)
    row.stored_as = private_files.store(FOLDER, [prepared]).name
    row.save()
    audit.record("signature.prepared", row, by=by, paper_sha256=row.paper_sha256, sha256=row.prepared_sha256)
    return row


@transaction.atomic
def send(*, pk: int, by: User, passphrase: str, nik: str = "") -> PaperSignature:
    """Say “sent”, and once that is kept, have it signed. Raises PermissionDenied, ValidationError."""
    row = _changed(pk, by, SignatureState.SENT)
    if not papers.paper_of(row.kind, row.paper_key, by).may_sign:
        raise PermissionDenied(_("Papers of this kind are signed by another role."))
    open_elsewhere = PaperSignature.objects.of_paper(PaperKind(row.kind), row.paper_key).filter(signer=by)
    if open_elsewhere.exclude(pk=row.pk).exclude(state=SignatureState.REFUSED).exists():
        raise ValidationError(_("You have signed this paper meanwhile, or are about to, in another sending."))
    document = _bytes_of(row)
    row.state, row.sent_at, row.answered_at, row.problem = SignatureState.SENT, timezone.now(), None, ""
    row.save()
    audit.record("signature.sent", row, by=by, sha256=row.prepared_sha256)
    signer = esign.Signer(by.email, nik, passphrase)
    transaction.on_commit(partial(_have_it_signed, row, document, signer))
    return row


def _have_it_signed(row: PaperSignature, document: bytes, signer: esign.Signer) -> None:
    """After the commit, outside every transaction; the outcome is written in one of its own."""
    try:
        esign.check_signer(signer)
        signed = esign.sign(document, signer, reason=row.title[:200], location=PLACE)
        certificate = _accepted(document, signed)
    except esign.NotSigned as error:
        _answered(row, SignatureState.REFUSED, problem=str(error))
    except (esign.OutcomeUnknown, ValidationError) as error:
        problem = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        _answered(row, SignatureState.UNKNOWN, problem=problem)
    except Exception as error:
        _answered(row, SignatureState.UNKNOWN, problem=type(error).__name__)
        raise
    else:
        _answered(row, SignatureState.SIGNED, signed=signed, certificate=certificate)


def _accepted(prepared: bytes, signed: bytes) -> str:
    """Whose certificate signed it. Raises ValidationError unless it is this very paper, signed and whole."""
    if not signed.startswith(prepared):
        raise ValidationError(_("This is not the file that was prepared, or it was written anew on the way."))
    try:
        found = reading.signatures_in(signed)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if not found:
        raise ValidationError(_("The file holds no signature."))
    last = found[-1]
    if not (last.is_intact and last.is_whole and (last.is_trusted or not settings.BSRE_ROOTS)):
        raise ValidationError(last.verdict)
    return last.signer


@transaction.atomic
def _answered(
    row: PaperSignature, state: SignatureState, *, problem: str = "", signed: bytes = b"", certificate: str = ""
) -> None:
    """Keep the outcome, unless somebody has said meanwhile what became of it."""
    row = PaperSignature.objects.select_for_update(of=("self",)).select_related("signer").get(pk=row.pk)
    if row.state not in {SignatureState.SENT, SignatureState.UNKNOWN}:
        logger.warning("signature %s answered as %s when it was %s", row.pk, state, row.state)
        return
    _settle(row, state, problem=problem, signed=signed, certificate=certificate)


def _settle(
    row: PaperSignature, state: SignatureState, *, problem: str = "", signed: bytes = b"", certificate: str = ""
) -> None:
    row.state, row.problem, row.answered_at, row.certificate = state, problem[:500], timezone.now(), certificate[:300]
    if signed:
        private_files.delete_after_commit(FOLDER, row.stored_as)  # its bytes are the beginning of the signed file
        kept = private_files.store(FOLDER, [signed])
        row.stored_as, row.sha256 = kept.name, kept.sha256
    row.save()
    audit.record(
        f"signature.{state.value}", row, by=row.signer, sha256=row.sha256, certificate=row.certificate, problem=problem
    )


@transaction.atomic
def withdraw(*, pk: int, by: User) -> PaperSignature:
    """Not to be signed after all, before it was ever sent."""
    row = _changed(pk, by, SignatureState.REFUSED)
    if row.state != SignatureState.PREPARED:
        raise ValidationError(_("It was sent already. Say what became of it."))
    _settle(row, SignatureState.REFUSED, problem=_("withdrawn by the signer"))
    return row


@transaction.atomic
def settle_unknown(*, pk: int, by: User, signed: bytes | None) -> PaperSignature:
    """What became of an unknown outcome: the signed file, got by another way, or None for “it was not signed”.

    Raises PermissionDenied, ValidationError.
    """
    state = SignatureState.REFUSED if signed is None else SignatureState.SIGNED
    row = _changed(pk, by, state)
    if row.state != SignatureState.UNKNOWN:
        raise ValidationError(_("Its outcome is known."))
    if signed is None:
        _settle(row, state, problem=_("the signer says that it was not signed"))
        return row
    certificate = _accepted(_bytes_of(row), signed)
    if not settings.BSRE_ROOTS and not esign.confirms(signed):
        raise ValidationError(_("BSrE's service does not confirm this file now. Try again later."))
    _settle(row, state, signed=signed, certificate=certificate)
    return row


@transaction.atomic
def give_up_on_lost() -> int:
    """Those that were sent and whose process died before the answer: a person has to look. How many."""
    lost = PaperSignature.objects.filter(
        state=SignatureState.SENT, sent_at__lt=timezone.now() - SENT_TOO_LONG
    ).select_for_update(of=("self",), skip_locked=True)
    rows = list(lost.select_related("signer"))
    for row in rows:
        _settle(row, SignatureState.UNKNOWN, problem=_("the portal was interrupted before the answer came"))
        text = _("Whether “%(paper)s” was signed is unknown. Look into it.") % {"paper": row.title}
        remind([row.signer], text, row.get_absolute_url(), timezone.localdate())
    return len(rows)


def _changed(pk: int, by: User, state: SignatureState) -> PaperSignature:
    row = PaperSignature.objects.select_for_update(of=("self",)).select_related("signer").get(pk=pk)
    check_may_change(by, row, state)
    return row


def _bytes_of(row: PaperSignature) -> bytes:
    with private_files.open_stored(FOLDER, row.stored_as) as file:
        document = file.read()
    if _sha256(document) != row.prepared_sha256:
        raise ValidationError(_("The kept file is not the one that was prepared. Nothing was sent."))
    return document


def _sha256(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
