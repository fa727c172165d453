"""What a signed PDF says of itself: who signed, when, and whether a byte changed since. Read from the file and the
configured roots alone; nothing is fetched."""

import datetime as dt
import io
import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

MAX_BYTES = 20 * 1024 * 1024
MAX_SIGNATURES = 20
FURTHER_SIGNATURES = {ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}
logger = logging.getLogger(__name__)
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # a stranger's file is no matter for our log
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class FoundSignature:
    """One signature of a file. `at` is the authority's moment when `is_stamped`, else the signer's own clock.

    `is_intact`: what was signed is to the byte as it was. `is_whole`: nothing was added to the file afterwards, but for
    further signatures. `is_trusted`: the certificate stands under one of the configured roots.
    """

    signer: str
    issuer: str
    serial: str
    at: dt.datetime | None
    is_stamped: bool
    is_intact: bool
    is_whole: bool
    is_trusted: bool
    reason: str
    revision: int

    @property
    def holds(self) -> bool:
        return self.is_intact and self.is_whole and self.is_trusted

    @property
    def verdict(self) -> str:
        """In words, the worst first."""
        if not self.is_intact:
            return _("A byte of what was signed has changed, or the signature is no real one.")
        if not self.is_whole:
            return _("The file was changed after it was signed.")
        if not self.is_trusted:
            return _("Unchanged since it was signed, but by a certificate that BSrE did not issue.")
        return _("Signed by a certificate under BSrE's root, and not a byte has changed since.")


def is_pdf(head: bytes) -> bool:
    return head.lstrip()[:5] == b"%PDF-"


def signatures_in(document: bytes) -> list[FoundSignature]:
    """The signatures of a PDF, the oldest first; none when it holds none. Raises ValueError when it can't be read."""
    try:
        reader = PdfFileReader(io.BytesIO(document), strict=False)
        embedded = reader.embedded_regular_signatures[:MAX_SIGNATURES]
    except Exception as error:  # whatever a stranger's file makes of a parser is the file's fault
        logger.info("unreadable PDF: %s", type(error).__name__)
        raise ValueError(_("The PDF cannot be read; it may be damaged or locked by a password.")) from error
    return [_found(each, number) for number, each in enumerate(embedded, start=1)]


def _found(each: EmbeddedPdfSignature, number: int) -> FoundSignature:
    try:
        return _validated(each, number)
    except Exception as error:  # noqa: BLE001 (as above; a signature that can't be read is none that holds)
        logger.info("unreadable signature: %s", type(error).__name__)
        return FoundSignature("–", "–", "–", None, False, False, False, False, "", number)


def _validated(each: EmbeddedPdfSignature, number: int) -> FoundSignature:
    status = validate_pdf_signature(each, _context(), _context())
    stamp = status.timestamp_validity
    is_stamped = bool(stamp and stamp.valid and stamp.intact and stamp.trusted)
    at = stamp.timestamp if stamp and is_stamped else status.signer_reported_dt
    if is_stamped and not status.trusted and at is not None:  # a certificate that ran out since was good at that moment
        status = validate_pdf_signature(each, _context(at), _context())
    certificate = status.signing_cert
    # Behind what was signed nothing may stand but further signatures and time stamps, not even bytes that no reader
    # shows.
    is_whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE or status.modification_level in FURTHER_SIGNATURES
    return FoundSignature(
        signer=_common_name(certificate.subject),
        issuer=_common_name(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        at=at,
        is_stamped=is_stamped,
        is_intact=bool(status.intact and status.valid),
        is_whole=is_whole,
        is_trusted=bool(status.trusted),
        reason=str(each.sig_object.get("/Reason", ""))[:200],
        revision=number,
    )


def _common_name(name: asn1_x509.Name) -> str:
    native: dict[str, Any] = name.native
    said = native.get("common_name") or name.human_friendly
    return str(said if isinstance(said, str) else ", ".join(said))[:200]


def _context(moment: dt.datetime | None = None) -> ValidationContext:
    return ValidationContext(trust_roots=list(_roots(settings.BSRE_ROOTS)), allow_fetching=False, moment=moment)


@cache
def _roots(file: str) -> tuple[asn1_x509.Certificate, ...]:
    """The certificates of BSRE_ROOTS; without any, no signature is trusted."""
    if not file:
        return ()
    found = pem.unarmor(Path(file).read_bytes(), multiple=True)
    return tuple(asn1_x509.Certificate.load(der) for _kind, _headers, der in found)
