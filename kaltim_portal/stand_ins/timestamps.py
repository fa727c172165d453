"""A time-stamping authority of our own that speaks RFC 3161, with a test CA: POST /tsa takes a request, GET /akar.pem
gives the root's certificate.

It really signs. Faults beside those of `serving`: `wrong_nonce`, `wrong_digest`, `expired` (a certificate whose time
was over), `stranger` (signed under another root), `refusal` (PKIStatus 2).
"""

import datetime as dt
import secrets
from pathlib import Path
from typing import Any, ClassVar

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import ExtendedKeyUsageOID

from kaltim_portal.stand_ins import certificates, serving

ADDRESS, ROOT_ADDRESS = "/tsa", "/akar.pem"
REPLY = "application/timestamp-reply"
POLICY = "1.3.6.1.4.1.99999.1"
GRANTED, REJECTED = 0, 2
OWN_FAULTS = {"wrong_nonce", "wrong_digest", "expired", "stranger", "refusal"}


class Refusal(core.Sequence):
    """A TimeStampResp without a token, which asn1crypto's own class has no room for."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]


class TestAuthority:
    """A root and a certificate for time stamps under it; `folder` keeps them: old stamps verify after a restart."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self, folder: Path | None = None) -> None:
        self.root_key, self.root = certificates.kept(
            folder, "root", lambda: certificates.root("Otoritas Uji (bukan BSSN)")
        )
        self.key = certificates.new_key()
        now = dt.datetime.now(dt.UTC)
        self.certificate = self._issue(now - dt.timedelta(days=1), now + dt.timedelta(days=3650))
        self.expired = self._issue(now - dt.timedelta(days=400), now - dt.timedelta(days=30))

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)

    def _issue(self, begins: dt.datetime, ends: dt.datetime) -> x509.Certificate:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = certificates.certificate_of(
            certificates.name("Stempel Waktu Uji"), self.root.subject, self.key, begins, ends
        )
        return builder.add_extension(purpose, critical=True).sign(self.root_key, hashes.SHA256())

    def reply(self, request: bytes, fault: str = "none") -> bytes:
        """A TimeStampResp, DER."""
        asked = tsp.TimeStampReq.load(request)
        if fault == "refusal":
            status = {"status": REJECTED, "status_string": ["no more stamps today"]}
            return bytes(Refusal({"status": status}).dump())
        imprint = asked["message_imprint"]
        if fault == "wrong_digest":
            other = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": secrets.token_bytes(32)}
            imprint = tsp.MessageImprint(other)
        nonce = asked["nonce"].native
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": imprint,
                "serial_number": secrets.randbits(63),
                "gen_time": dt.datetime.now(dt.UTC).replace(microsecond=0),
                "accuracy": {"seconds": 1},
                "nonce": nonce + 1 if fault == "wrong_nonce" and nonce is not None else nonce,
            }
        )
        token = self._signed(info, fault)
        return bytes(tsp.TimeStampResp({"status": {"status": GRANTED}, "time_stamp_token": token}).dump())

    def _signed(self, info: tsp.TSTInfo, fault: str) -> cms.ContentInfo:
        """CMS SignedData over the TSTInfo (RFC 5652 section 5, RFC 3161 section 2.4.2)."""
        signer = TestAuthority() if fault == "stranger" else self
        certificate = asn1_x509.Certificate.load(
            (signer.expired if fault == "expired" else signer.certificate).public_bytes(serialization.Encoding.DER)
        )
        content = info.dump()
        sha256 = {"algorithm": "sha256"}
        binding = tsp.SigningCertificateV2(
            {"certs": [{"hash_algorithm": sha256, "cert_hash": _sha256(certificate.dump())}]}
        )
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "signing_time", "values": [cms.Time({"utc_time": dt.datetime.now(dt.UTC)})]},
                {"type": "message_digest", "values": [_sha256(content)]},
                {"type": "signing_certificate_v2", "values": [binding]},
            ]
        )
        signature = signer.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
        signer_info = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            },
            "digest_algorithm": algos.DigestAlgorithm(sha256),
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": signature,
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [certificate],
            "signer_infos": [signer_info],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


class TimestampWorld(serving.StandInWorld):
    def __init__(self, folder: Path | None = None, authority: TestAuthority | None = None) -> None:
        super().__init__()
        self.authority = authority or TestAuthority(folder)

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        if path == ROOT_ADDRESS:
            return 200, self.authority.root_pem, "application/x-pem-file"
        return 405, b"POST a TimeStampReq to /tsa", "text/plain"

    def answer_post(self, path: str, headers: Any, body: bytes) -> tuple[int, bytes, str]:
        self.requests.append(path)
        if path != ADDRESS:
            return 404, b"", "text/plain"
        if headers.get("Content-Type") != "application/timestamp-query":
            return 400, b"not a time-stamp query", "text/plain"
        return 200, self.authority.reply(body, self.fault), REPLY

    def error_answer(self) -> tuple[int, bytes, str]:
        return 200, self.authority.reply(b"", "refusal"), REPLY


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()
