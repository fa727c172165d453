"""A paper is prepared, sent once, and then signed, refused or of unknown outcome. Nothing is sent again by itself.

The pass phrase lives in the memory of the one request that brought it: the sending runs after the commit that says
“sent”, in the same request, so that whatever dies on the way leaves a row that a person looks into.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import remind
from core import audit, private_files
from evidence.choices import PaperKind, SignatureState
from evidence.models import PaperSignature, PaperSignatureQuerySet
from evidence.signatures import esign, papers, reading
from evidence.signatures.names import is_name_of
from evidence.signatures.permissions import check_may_change, check_may_prepare, check_may_withdraw
from evidence.signatures.sheet import with_sheet

FOLDER = "signatures"
LARGEST_PAPER = 10 * 1024 * 1024
SENT_TOO_LONG = timedelta(minutes=3)  # longer than the service is waited for
PLACE = "Samarinda"
# Three ways to be not signed, which the trail tells apart.
REJECTED, WITHDRAWN, SAID_UNSIGNED = "signature.rejected", "signature.withdrawn", "signature.said_unsigned"
logger = logging.getLogger(__name__)


@transaction.atomic
def prepare(*, kind: PaperKind, key: str, by: User) -> PaperSignature:
    """The paper with its sheet, kept; one that is under way, or signed with the same bytes, is given instead.

    Raises PermissionDenied, ValidationError, Http404.
    """
    paper = papers.paper_of(kind, key, by)
    check_may_prepare(by, paper)
    _one_at_a_time(by)
    there = _own_of(paper, kind, key, by).first()
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


def _own_of(paper: papers.Paper, kind: PaperKind, key: str, by: User) -> PaperSignatureQuerySet:
    """What this person has under way of the paper, and has signed, unless its figures are others by now."""
    own = PaperSignature.objects.of_paper(kind, key).filter(signer=by).exclude(state=SignatureState.REFUSED)
    return own if paper.is_fixed else own.exclude(state=SignatureState.SIGNED)


def instead_of(row: PaperSignature) -> PaperSignature | None:
    """The signer's other row of the same paper, for which this one can't be sent again: signed meanwhile, or under
    way. Raises Http404 when the signer may not see the paper any more."""
    paper = papers.paper_of(row.kind, row.paper_key, row.signer)
    return _own_of(paper, PaperKind(row.kind), row.paper_key, row.signer).exclude(pk=row.pk).first()


def _one_at_a_time(by: User) -> None:
    """Two clicks, or two tabs, of one person; others may write rows that point to them."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


@transaction.atomic
def send(*, pk: int, by: User, passphrase: str) -> PaperSignature:
    """Say “sent”, and once that is kept, have it signed. Raises PermissionDenied, ValidationError."""
    _one_at_a_time(by)
    row = _changed(pk, by, SignatureState.SENT)
    paper = papers.paper_of(row.kind, row.paper_key, by)
    check_may_prepare(by, paper)
    if instead_of(row) is not None:
        raise ValidationError(_("You have signed this paper meanwhile, or are about to, in another sending."))
    document = _bytes_of(row)
    row.state, row.sent_at, row.answered_at, row.problem = SignatureState.SENT, timezone.now(), None, ""
    row.save()
    audit.record("signature.sent", row, by=by, sha256=row.prepared_sha256)
    transaction.on_commit(partial(_have_it_signed, row, document, esign.Signer(by.email, passphrase)))
    return row


def _have_it_signed(row: PaperSignature, document: bytes, signer: esign.Signer) -> None:
    """After the commit, outside every transaction; the outcome is written in one of its own."""
    try:
        esign.check_signer(signer)
        signed = esign.sign(document, signer, reason=row.title[:200], location=PLACE)
        outcome = _accepted(row, signed)
    except esign.NotSigned as error:
        _answered(row, SignatureState.REFUSED, act=REJECTED, problem=str(error))
    except (esign.OutcomeUnknown, ValidationError) as error:
        problem = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        _answered(row, SignatureState.UNKNOWN, problem=problem)
    except Exception:
        _answered(row, SignatureState.UNKNOWN, problem=_("the portal was interrupted before the answer was kept"))
        raise
    else:
        _answered(row, SignatureState.SIGNED, outcome=outcome)


@dataclass(frozen=True)
class _Outcome:
    """A signed file, kept already: only BSrE's service had another copy, and it keeps none."""

    kept: private_files.StoredFile
    last: reading.FoundSignature


def _accepted(row: PaperSignature, signed: bytes) -> _Outcome:
    """Keep the signed file. Raises ValidationError unless it is this very paper, and nothing but signed.

    The bytes of the paper in front are not enough: what follows them could show a reader another page.
    """
    if _sha256(signed[: row.prepared_size]) != row.prepared_sha256:
        raise ValidationError(_("This is not the file that was prepared, or it was written anew on the way."))
    try:
        found = reading.examined(signed, prepared_size=row.prepared_size, waits=True)
    except reading.Unreadable as error:
        raise ValidationError(str(error)) from error
    if not found.signatures:
        raise ValidationError(_("The file holds no signature."))
    last = found.signatures[-1]
    if not (last.holds and last.is_last):
        raise ValidationError(last.verdict)
    if not is_name_of(last.holder, row.signer.full_name):
        what = _("The certificate is of %(holder)s, and the account of %(signer)s: it is not the signer's.")
        raise ValidationError(what % {"holder": last.holder, "signer": row.signer})
    if not found.is_only_signed:
        raise ValidationError(_("More than a signature was added to the paper that was prepared."))
    try:
        return _Outcome(private_files.store(FOLDER, [signed]), last)
    except OSError as error:
        raise ValidationError(_("There was no room for the signed file.")) from error


@transaction.atomic
def _answered(
    row: PaperSignature, state: SignatureState, *, act: str = "", problem: str = "", outcome: _Outcome | None = None
) -> None:
    """Keep the outcome of this very sending, unless somebody has said meanwhile what became of it."""
    sent_at = row.sent_at
    row = PaperSignature.objects.select_for_update(of=("self",), no_key=True).select_related("signer").get(pk=row.pk)
    if row.sent_at != sent_at or row.state not in {SignatureState.SENT, SignatureState.UNKNOWN} or row.state == state:
        kept = outcome.kept.name if outcome else ""
        logger.error("signature %s: late answer %s when it was %s; file %s", row.pk, state, row.state, kept)
        return
    _settle(row, state, by=row.signer, act=act, problem=problem, outcome=outcome)


def _settle(
    row: PaperSignature,
    state: SignatureState,
    *,
    by: User | None,
    act: str = "",
    problem: str = "",
    outcome: _Outcome | None = None,
) -> None:
    """`act` is the trail's name for it, where the state alone does not say how it came."""
    row.state, row.problem, row.answered_at = state, problem[:500], timezone.now()
    if outcome is not None:
        private_files.delete_after_commit(FOLDER, row.stored_as)  # its bytes are the beginning of the signed file
        row.stored_as, row.sha256 = outcome.kept.name, outcome.kept.sha256
        row.certificate, row.signed_at = outcome.last.holder[:300], outcome.last.at
    row.save()
    name = act or f"signature.{state.value}"
    audit.record(name, row, by=by, reason=row.problem, sha256=row.sha256, certificate=row.certificate)


@transaction.atomic
def withdraw(*, pk: int, by: User) -> PaperSignature:
    """Not to be signed after all: before it was sent, or after a sending by which it was not signed."""
    row = PaperSignature.objects.select_for_update(of=("self",), no_key=True).select_related("signer").get(pk=pk)
    check_may_withdraw(by, row)
    row.sent_at = None  # nothing of it waits for anybody any more; the history keeps the sending
    _settle(row, SignatureState.REFUSED, by=by, act=WITHDRAWN, problem=_("withdrawn by the signer"))
    return row


def settle_unknown(*, pk: int, by: User, signed: bytes | None) -> PaperSignature:
    """What became of an unknown outcome: the signed file, got by another way, or None for “it was not signed”.

    The service is asked as well, before anything is locked: it may take two minutes. Raises PermissionDenied,
    ValidationError.
    """
    state = SignatureState.REFUSED if signed is None else SignatureState.SIGNED
    row = PaperSignature.objects.select_related("signer").get(pk=pk)
    check_may_change(by, row, state)
    if row.state != SignatureState.UNKNOWN:
        raise ValidationError(_("Its outcome is known."))
    outcome = None if signed is None else _accepted(row, signed)
    if outcome is not None and signed is not None and esign.confirms(signed) is False:
        private_files.delete(FOLDER, outcome.kept.name)
        raise ValidationError(_("BSrE's service does not confirm this file."))
    with transaction.atomic():
        try:
            row = _changed(pk, by, state)
        except (PermissionDenied, ValidationError):  # somebody has said meanwhile what became of it
            if outcome is not None:
                private_files.delete(FOLDER, outcome.kept.name)
            raise
        if outcome is None:
            _settle(row, state, by=by, act=SAID_UNSIGNED, problem=_("the signer says that it was not signed"))
        else:
            _settle(row, state, by=by, outcome=outcome)
    return row


@transaction.atomic
def give_up_on_lost() -> int:
    """Those that were sent and whose process died before the answer: a person has to look. How many."""
    lost = PaperSignature.objects.filter(
        state=SignatureState.SENT, sent_at__lt=timezone.now() - SENT_TOO_LONG
    ).select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(lost.select_related("signer"))
    for row in rows:
        _settle(
            row, SignatureState.UNKNOWN, by=None, problem=_("the portal was interrupted before the answer was kept")
        )
        text = _("Whether “%(paper)s” was signed is unknown. Look into it.") % {"paper": row.title}
        remind([row.signer], text, row.get_absolute_url(), timezone.localdate())
    return len(rows)


def _changed(pk: int, by: User, state: SignatureState) -> PaperSignature:
    rows = PaperSignature.objects.select_for_update(of=("self",), no_key=True).select_related("signer")
    row = rows.get(pk=pk)
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
