"""What a signed PDF says of itself: who signed, when, and whether a byte changed since. Read from the file and the
configured roots alone, in a process with limits; nothing is fetched."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.importing import reader_processes
from core.locks import first_free_lock

MAX_BYTES = 20 * 1024 * 1024
MEMORY_BYTES, CPU_SECONDS, SECONDS = 1_000 * 1024 * 1024, 10, 20
AT_ONCE = 2  # of a handful of web threads
AT_ONCE_FOR_GUESTS = 1  # one place is kept for who is signed in


class Unreadable(ValueError):  # noqa: N818 (a state of the file, or of the portal's set-up; the message says which)
    """No answer about the signatures; the message says why in words."""


@dataclass(frozen=True)
class FoundSignature:
    """One signature of a file. `at` is the authority's moment when `is_stamped`, else the signer's own clock.

    `is_intact`: what was signed is to the byte as it was. `is_whole`: nothing was added afterwards but further
    signatures, stamps and filled-in fields; `is_last`: nothing at all. `is_trusted`: the certificate stands under one
    of the configured roots and was in its time; `is_out_of_time`: only the latter is missing.
    """

    holder: str
    issuer: str
    serial: str
    at: dt.datetime | None
    is_stamped: bool
    is_intact: bool
    is_whole: bool
    is_last: bool
    is_trusted: bool
    is_out_of_time: bool
    reason: str

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
        if self.is_out_of_time and self.is_stamped:
            return _("Unchanged, but the certificate was not in its time when the time stamp was put on it.")
        if self.is_out_of_time:
            return _("Unchanged, but the certificate was not in its time, and no time stamp says when it was signed.")
        if not self.is_trusted:
            return _("Unchanged since it was signed, but by a certificate that BSrE did not issue.")
        if not self.is_last:
            return _("Signed by a certificate under BSrE's root; only signatures or filled-in fields came afterwards.")
        return _("Signed by a certificate under BSrE's root; not a byte of what was signed has changed since.")


@dataclass(frozen=True)
class ExaminedPdf:
    """The newest signatures of a file, the oldest of them first; `count` is how many it has; `is_only_signed` answers
    `prepared_size`."""

    signatures: list[FoundSignature]
    count: int
    is_only_signed: bool


def is_pdf(head: bytes) -> bool:
    """By its first kilobyte, where readers look for the mark."""
    return b"%PDF-" in head[:1024]


def signatures_in(document: bytes) -> list[FoundSignature]:
    """None when it holds none. Raises Unreadable."""
    return examined(document).signatures


def examined(
    document: bytes, *, prepared_size: int | None = None, waits: bool = False, at_once: int = AT_ONCE
) -> ExaminedPdf:
    """What the file says, and whether nothing but one signature was added to its first `prepared_size` bytes.

    Two at once in the whole portal (`at_once`: how many of these places this caller may take); who finds none is told
    so, but for the worker and for a paper that BSrE has just signed (`waits`: nothing is turned away).
    Raises Unreadable: the file cannot be read, takes too long, or the portal's roots are missing.
    """
    if waits:
        return _examined(document, prepared_size)
    with first_free_lock(f"examine-pdf-{number}" for number in range(at_once)) as is_free:
        if not is_free:
            raise Unreadable(_("Other files are being examined. Try again in a minute; nothing is lost."))
        return _examined(document, prepared_size)


def _examined(document: bytes, prepared_size: int | None) -> ExaminedPdf:
    job = {
        "roots": _roots(),
        "prepared_size": prepared_size,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
    }
    try:
        _ended_well, written = reader_processes.run(
            "evidence.signatures.examining", json.dumps(job).encode() + b"\n" + document, SECONDS
        )
        said: dict[str, Any] = json.loads(written)
    except (TimeoutError, ValueError) as error:
        raise Unreadable(_("The PDF is too heavy to be examined, or it is damaged.")) from error
    if said.get("is_torn"):
        raise Unreadable(_("The PDF is damaged: it holds a signature that cannot be read any more."))
    if said.get("unreadable"):
        raise Unreadable(_("The PDF cannot be read; it may be damaged or locked by a password."))
    found = [
        FoundSignature(**each | {"at": dt.datetime.fromisoformat(each["at"]) if each["at"] else None})
        for each in said["signatures"]
    ]
    return ExaminedPdf(found, said["count"], said["is_only_signed"])


def _roots() -> str:
    """The certificates of BSRE_ROOTS as PEM. Raises Unreadable."""
    try:
        found = Path(settings.BSRE_ROOTS).read_text(encoding="ascii") if settings.BSRE_ROOTS else ""
    except (OSError, ValueError) as error:
        raise Unreadable(_("BSrE's root certificates cannot be read (BSRE_ROOTS); tell the administrator.")) from error
    if "BEGIN CERTIFICATE" not in found:
        raise Unreadable(_("BSrE's root certificates are missing (BSRE_ROOTS); tell the administrator."))
    return found
