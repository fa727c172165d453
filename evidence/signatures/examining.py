"""The child process that looks into a signed PDF, started by `core.importing.reader_processes`.

It holds memory and time limits of its own, so a hostile file ends the child and not the portal, and it knows no secret.
The job is one line of JSON (`roots` as PEM, `prepared_size` or null, limits), then the file. The answer is JSON.
"""

import datetime as dt
import io
import json
import logging
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.importing.reading import hold_limits

MAX_SIGNATURES = 20
MARK_OF_A_SIGNATURE = b"/ByteRange"  # stands in no other object, and never compressed
FURTHER_SIGNATURES = {ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}
# What a program that signs writes of itself and of the moment, in the information and in XMP, and how XMP is written.
SAID_BY_SIGNING = frozenset(
    [
        "ModDate",
        "Producer",
        "ModifyDate",
        "MetadataDate",
        "CreateDate",
        "InstanceID",
        "format",
        "lang",
        "about",
        "parseType",
        "xmptk",
    ]
)
UNREADABLE = {"holder": "–", "issuer": "–", "serial": "–", "at": None, "reason": ""} | dict.fromkeys(
    ("is_stamped", "is_intact", "is_whole", "is_last", "is_trusted", "is_out_of_time"), False
)


def examine(job: Mapping[str, Any], document: bytes) -> dict[str, Any]:
    """`signatures`, the newest MAX_SIGNATURES of `count`, the oldest of them first, and `is_only_signed`: whether
    nothing but signatures was added to the first `prepared_size` bytes. `unreadable` for what is no PDF that can be
    read, `is_torn` for one in which a signature can't be found any more."""
    roots = [asn1_x509.Certificate.load(der) for _kind, _head, der in pem.unarmor(job["roots"].encode(), multiple=True)]
    try:
        reader = PdfFileReader(io.BytesIO(document), strict=False)
        if reader.encrypted:
            return {"unreadable": True}
        all_of_them = reader.embedded_regular_signatures
        if not reader.embedded_signatures and MARK_OF_A_SIGNATURE in document:
            return {"is_torn": True}
        embedded = all_of_them[-MAX_SIGNATURES:]
    except Exception:  # noqa: BLE001 (whatever a stranger's file makes of a parser is the file's fault)
        return {"unreadable": True}
    size = job.get("prepared_size")
    return {
        "count": len(all_of_them),
        "signatures": [_looked_at(each, roots) for each in embedded],
        "is_only_signed": bool(size) and _is_only_signed(document, document[:size]),
    }


def _looked_at(each: EmbeddedPdfSignature, roots: list[asn1_x509.Certificate]) -> dict[str, Any]:
    try:
        return _found(each, roots)
    except Exception:  # noqa: BLE001 (as above; a signature that can't be read is none that holds)
        return UNREADABLE


def _found(each: EmbeddedPdfSignature, roots: list[asn1_x509.Certificate]) -> dict[str, Any]:
    def context(moment: dt.datetime | None = None) -> ValidationContext:
        return ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)

    status = validate_pdf_signature(each, context(), context())
    stamp = status.timestamp_validity
    if stamp is not None and not stamp.trusted:  # the authority's certificate may have run out since
        status = validate_pdf_signature(each, context(), context(stamp.timestamp))
        stamp = status.timestamp_validity
    is_stamped = bool(stamp and stamp.valid and stamp.intact and stamp.trusted)
    at = stamp.timestamp if stamp and is_stamped else status.signer_reported_dt
    if is_stamped and not status.trusted:  # a certificate that ran out since was good at that moment
        status = validate_pdf_signature(each, context(at), context(at))
    certificate = status.signing_cert
    # Behind what was signed nothing may stand but further signatures and time stamps, not even bytes that no reader
    # shows.
    is_last = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return {
        "holder": _common_name(certificate.subject),
        "issuer": _common_name(certificate.issuer),
        "serial": f"{certificate.serial_number:x}",
        "at": at.isoformat() if at else None,
        "is_stamped": is_stamped,
        "is_intact": bool(status.intact and status.valid),
        "is_whole": is_last or (status.modification_level in FURTHER_SIGNATURES and _is_still_described_alike(each)),
        "is_last": is_last,
        "is_trusted": bool(status.trusted),
        "is_out_of_time": not status.trusted and _was_trusted(each, certificate, context),
        "reason": str(each.sig_object.get("/Reason", ""))[:200],
    }


def _was_trusted(each: EmbeddedPdfSignature, certificate: asn1_x509.Certificate, context: Any) -> bool:
    """Whether it stands under the roots, and only its time is over, or had not begun."""
    middle = certificate.not_valid_before + (certificate.not_valid_after - certificate.not_valid_before) / 2
    return bool(validate_pdf_signature(each, context(middle), context(middle)).trusted)


def _is_only_signed(document: bytes, prepared: bytes) -> bool:
    """Compare the revisions: an update that shows another page is an incremental one as well."""
    try:
        before = PdfFileReader(io.BytesIO(prepared))
        after = PdfFileReader(io.BytesIO(document))
        more = len(after.embedded_signatures) - len(before.embedded_signatures)
        found = DEFAULT_DIFF_POLICY.review_file(after, before.xrefs.total_revisions - 1)
        is_shown = any(_is_shown(each) for each in after.embedded_signatures)
        is_described_alike = _is_described_alike(before, after)
    except Exception:  # noqa: BLE001 (a file that cannot be compared is another one)
        return False
    level = getattr(found, "modification_level", ModificationLevel.OTHER)
    return more == 1 and level <= ModificationLevel.FORM_FILLING and not is_shown and is_described_alike


def _is_still_described_alike(each: EmbeddedPdfSignature) -> bool:
    """Whether the file says of itself what it said when it was signed."""
    after = each.reader
    after.stream.seek(0)
    _start, _length, second, rest = (int(number) for number in each.byte_range)
    return _is_described_alike(PdfFileReader(io.BytesIO(after.stream.read(second + rest)), strict=False), after)


def _is_described_alike(before: PdfFileReader, after: PdfFileReader) -> bool:
    """Whether title, author and the like are as they were; pyHanko's policy lets all of it be written anew. Programs
    that sign carry the information over to XMP, so what the paper said already may be said there once more."""
    info, xmp = _information(before), _xmp(before)
    more = _xmp(after) - xmp
    known = {value for _name, value in info | xmp}
    return info == _information(after) and not xmp - _xmp(after) and all(value in known for _name, value in more)


def _information(reader: PdfFileReader) -> set[tuple[str, str]]:
    view = reader.trailer_view
    info = view["/Info"] if "/Info" in view else {}  # noqa: SIM401 (`get` gives a reference, not what it leads to)
    said = {(str(name).lstrip("/"), str(info[name])) for name in info}
    return {(name, value) for name, value in said if name not in SAID_BY_SIGNING}


def _xmp(reader: PdfFileReader) -> set[tuple[str, str]]:
    """(where it stands, what it says); an attribute and an element of one name are the same to XMP."""
    if "/Metadata" not in reader.root:
        return set()
    return set(_leaves(ET.fromstring(reader.root["/Metadata"].data), ""))  # noqa: S314 (this process has limits, and no secret)


def _leaves(element: ET.Element, above: str) -> Iterator[tuple[str, str]]:
    own = _local(element.tag)
    if own in SAID_BY_SIGNING:
        return
    place = f"{above}/{own}"
    yield from ((f"{place}/{_local(name)}", value) for name, value in element.items() if _is_kept(name, value))
    if text := (element.text or "").strip():
        yield place, text
    for each in element:
        yield from _leaves(each, place)


def _is_kept(name: str, value: str) -> bool:
    return bool(value) and _local(name) not in SAID_BY_SIGNING


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _is_shown(each: EmbeddedPdfSignature) -> bool:
    """A signature that is drawn can cover what was signed; ours are asked for without a picture."""
    field = each.sig_field
    if "/Kids" in field:
        return True
    left, bottom, right, top = (float(side) for side in field.get("/Rect", (0, 0, 0, 0)))
    return left != right and bottom != top


def _common_name(name: asn1_x509.Name) -> str:
    native: dict[str, Any] = name.native
    said = native.get("common_name") or name.human_friendly
    return str(said if isinstance(said, str) else ", ".join(said))[:200]


def main() -> None:
    logging.disable(logging.CRITICAL)  # a stranger's file is no matter for our log
    task = json.loads(sys.stdin.buffer.readline())
    hold_limits(task["memory_bytes"], task["cpu_seconds"])
    sys.stdout.write(json.dumps(examine(task, sys.stdin.buffer.read())))
