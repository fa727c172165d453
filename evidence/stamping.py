"""RFC 3161: an authority outside the house signs that a seal existed at a moment; its answer is verified offline.

What is stamped is the SHA-256 of the seal's 64 letters and digits, so that anybody can check a token without us:
`printf %s SEAL > seal.txt; openssl ts -verify -data seal.txt -in TOKEN.tsr -CAfile ROOTS.pem`.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from datasources.connectors import outbound
from datasources.connectors.base import SourceRefused, SourceUnavailable

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
OK = 200


class StampError(Exception):
    """No stamp, or one that does not hold; the message says why in words."""


@dataclass(frozen=True)
class TimeStamp:
    token: bytes
    at: dt.datetime


def roots() -> list[x509.Certificate]:
    """The certificates of TIMESTAMP_ROOTS. Raises StampError when there are none."""
    if not settings.TIMESTAMP_ROOTS:
        raise StampError(_("no root certificate is configured (TIMESTAMP_ROOTS)"))
    try:
        return x509.load_pem_x509_certificates(Path(settings.TIMESTAMP_ROOTS).read_bytes())
    except (OSError, ValueError) as error:
        raise StampError(_("the root certificates cannot be read: %(error)s") % {"error": error}) from error


def ask(seal: str) -> TimeStamp:
    """A verified stamp over the seal from TIMESTAMP_AUTHORITY_URL. Raises StampError."""
    request = TimestampRequestBuilder().data(seal.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = outbound.post(settings.TIMESTAMP_AUTHORITY_URL, request.as_bytes(), content_type=QUERY, accept=REPLY)
    except (SourceUnavailable, SourceRefused) as error:
        raise StampError(str(error)) from error
    if answer.status != OK or not answer.content_type.startswith(REPLY):
        what = _("the authority answered with something else (HTTP %(status)s, %(type)s)")
        raise StampError(what % {"status": answer.status, "type": answer.content_type[:60] or "–"})
    return TimeStamp(answer.body, _verified(answer.body, seal, VerifierBuilder.from_request(request)))


def check(token: bytes, seal: str) -> dt.datetime:
    """When the seal was stamped, from the token and the configured roots alone. Raises StampError."""
    return _verified(token, seal, VerifierBuilder())


def _verified(token: bytes, seal: str, builder: VerifierBuilder) -> dt.datetime:
    for root in roots():
        builder = builder.add_root_certificate(root)
    try:
        response = decode_timestamp_response(token)
        builder.build().verify_message(response, seal.encode())
    except VerificationError as error:
        raise StampError(_why(str(error))) from error
    except ValueError as error:  # not DER, or without a token
        raise StampError(_("the authority gave no time stamp")) from error
    return response.tst_info.gen_time


def _why(error: str) -> str:
    """The library's reason in words of ours."""
    reasons = {
        "Nonce mismatch": _("the stamp answers another request (nonce)"),
        "Mismatch between messages": _("the stamp is of something else than this seal"),
        "PKIStatus is not GRANTED": _("the authority refused"),
        "certificate has expired": _("the authority's certificate was expired when it stamped"),
        "certificate": _("the stamp is not signed by a certificate under the configured roots"),
    }
    return next((words for part, words in reasons.items() if part in error), _("the stamp does not verify"))
