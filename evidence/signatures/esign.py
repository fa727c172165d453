"""BSrE's eSign client service, API v2: a server inside the region's network that holds nobody's key and signs by the
pass phrase that comes with the request. It has no HTTPS, so it is reached at the one address of the settings only.

What the service says is not relied on further than it reaches: refusals come with HTTP 200 as well, and after a
time-out nobody knows whether it signed. Nothing here tries again.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from datasources.connectors import outbound
from datasources.connectors.base import Answer, SourceNotReached, SourceRefused, SourceUnavailable

STATUS, SIGN, VERIFY = "/api/v2/user/check/status", "/api/v2/sign/pdf", "/api/v2/verify/pdf"
STATUS_SECONDS, SIGN_SECONDS, VERIFY_SECONDS = 5.0, 30.0, 120.0
BAD_REQUEST, UNAUTHORIZED, SERVER_ERROR = 400, 401, 500
NOBODYS_CODES = {2011, 2021}  # with HTTP 200: not registered, no certificate
READY = "ISSUE"  # the service's word for a person whose certificate is issued
JSON = "application/json"


class NotSigned(Exception):  # noqa: N818 (an answer; the message says why in words)
    """The service said no, or was never reached: certainly nothing was signed."""


class OutcomeUnknown(Exception):  # noqa: N818
    """It may have signed or not; the message says what was seen."""


@dataclass(frozen=True)
class Signer:
    """Who signs: BSrE knows people by the e-mail address of their account. The pass phrase is never stored or shown."""

    email: str
    passphrase: str

    @property
    def name(self) -> dict[str, str]:
        return {"email": self.email}

    def __repr__(self) -> str:
        return "Signer(…)"


def check_signer(signer: Signer) -> None:
    """Raises NotSigned unless the service knows the person and a certificate of theirs."""
    try:
        said = _json(_post(STATUS, signer.name, STATUS_SECONDS))
    except (SourceUnavailable, SourceRefused) as error:
        raise NotSigned(
            _("BSrE's service cannot be reached: %(error)s. Nothing was sent.") % {"error": error}
        ) from None
    status = str(said.get("status", ""))
    if status == READY:
        return
    words = {
        "NOT_REGISTERED": _("BSrE does not know this person. Ask Diskominfo for an electronic certificate."),
        "NO_CERTIFICATE": _("BSrE has issued no certificate for this person yet. Ask Diskominfo."),
        "EXPIRED": _("The electronic certificate is over its time. Ask Diskominfo for a new one."),
        "REVOKE": _("The electronic certificate was revoked. Ask Diskominfo."),
        "SUSPEND": _("The electronic certificate is suspended. Ask Diskominfo."),
    }
    raise NotSigned(words.get(status) or _("BSrE's service says: %(said)s") % {"said": _reason(said, signer)})


def sign(document: bytes, signer: Signer, *, reason: str, location: str) -> bytes:
    """The signed PDF. Once, and never again by itself. Raises NotSigned, OutcomeUnknown."""
    question = {
        **signer.name,
        "passphrase": signer.passphrase,
        "signatureProperties": [{"tampilan": "INVISIBLE", "reason": reason, "location": location}],
        "file": [base64.b64encode(document).decode()],
    }
    try:
        answer = _post(SIGN, question, SIGN_SECONDS)
    except SourceNotReached as error:
        raise NotSigned(
            _("BSrE's service cannot be reached: %(error)s. Nothing was sent.") % {"error": error}
        ) from None
    except (SourceUnavailable, SourceRefused) as error:  # an answer that is too large is one after the signing
        raise OutcomeUnknown(str(error)) from None
    return _signed_file(answer, signer)


def confirms(document: bytes) -> bool | None:
    """Whether the service verifies the signed PDF; None when it gives no answer."""
    try:
        said = _json(_post(VERIFY, {"file": base64.b64encode(document).decode()}, VERIFY_SECONDS))
    except (SourceUnavailable, SourceRefused, NotSigned):
        return None
    conclusion = str(said.get("conclusion", ""))
    return conclusion == "VALID" if conclusion else None


def _post(path: str, question: Mapping[str, Any], seconds: float) -> Answer:
    basic = base64.b64encode(f"{settings.BSRE_USER}:{settings.BSRE_PASSWORD}".encode()).decode()
    return outbound.post(
        settings.BSRE_URL.rstrip("/") + path,
        json.dumps(question).encode(),
        content_type=JSON,
        accept=JSON,
        secret_headers={"Authorization": f"Basic {basic}"},
        timeout_seconds=min(seconds, settings.BSRE_TIMEOUT_SECONDS),
        reads_errors=True,
        is_ours=True,
    )


def _json(answer: Answer) -> dict[str, Any]:
    """Raises NotSigned when it is not an object, or the service does not know the portal."""
    if answer.status == UNAUTHORIZED:
        raise NotSigned(
            _("BSrE's service refuses the portal's own user name; tell the administrator. Nothing was sent.")
        )
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NotSigned(_("BSrE's service answered with something else (HTTP %(status)s).") % {"status": answer.status})
    return said


def _signed_file(answer: Answer, signer: Signer) -> bytes:
    """Raises NotSigned only where the service itself refuses the request: anything else may have been signed."""
    try:
        said = _json(answer)
    except NotSigned as error:
        if answer.status == UNAUTHORIZED:
            raise
        raise OutcomeUnknown(str(error)) from None
    if said.get("file"):
        try:
            (only,) = said["file"]
            return base64.b64decode("".join(only.split()), validate=True)
        except (ValueError, TypeError, AttributeError, binascii.Error):
            raise OutcomeUnknown(_("BSrE's service gave back no file that can be read.")) from None
    is_refused = BAD_REQUEST <= answer.status < SERVER_ERROR or said.get("status_code") in NOBODYS_CODES
    if is_refused:
        what = _("BSrE refuses; most often the pass phrase is not right. Its words: %(said)s")
        raise NotSigned(what % {"said": _reason(said, signer)})
    raise OutcomeUnknown(
        _("BSrE's service answered with something else (HTTP %(status)s).") % {"status": answer.status}
    )


def _reason(said: Mapping[str, Any], signer: Signer) -> str:
    """The service's own words, without what was typed."""
    text = str(said.get("error") or said.get("message") or said.get("status") or "–")
    return (text.replace(signer.passphrase, "…") if signer.passphrase else text)[:300]
