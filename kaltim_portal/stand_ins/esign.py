"""A stand-in for BSrE's eSign client service, API v2: Basic, base64 in JSON, and refusals as the real one gives them.

It really signs (PAdES with a time stamp) by a test CA, whose roots are at GET /akar-ttd.pem. Known are people by e-mail
or NIK whose pass phrase is `PASSPHRASE`; e-mails that begin with `baru.` have no certificate, those with `asing.` are
unknown.
Faults beside those of `serving`: `sign_then_drop` and `sign_then_500` (signs, and the answer is lost, or an error),
`other_file` (gives back another document), `altered` (shows another first page, then signs), `stranger` (signs under
another root), `garbage` (HTTP 200 that is no JSON). `wrapped` is no fault: the file comes in lines, with a message.
"""

import base64
import binascii
import datetime as dt
import io
import json
import time
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kaltim_portal.demo_data.people import PEOPLE
from kaltim_portal.stand_ins import certificates, serving
from kaltim_portal.stand_ins.timestamps import TestAuthority

PREFIX, ROOTS_ADDRESS = "/api/v2/", "/akar-ttd.pem"
USER, PASSWORD, PASSPHRASE = "portal", "rahasia-layanan", "Frasa#2026"
NIK = "6472010101800001"
Said = tuple[int, bytes, str]


class SigningAuthority:
    """A root, a certificate of a person under it for each name asked for, and a time-stamping one."""

    def __init__(self, folder: Path | None = None) -> None:
        self.root_key, self.root = certificates.kept(folder, "ttd", lambda: certificates.root("BSrE Uji (bukan BSSN)"))
        self.stamps = TestAuthority(folder)
        if folder is not None:
            (folder / "ttd-roots.pem").write_bytes(self.roots_pem)
        self._people: dict[str, tuple[certificates.Key, x509.Certificate]] = {}

    @property
    def roots_pem(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM) + self.stamps.root_pem

    def _person(self, name: str) -> tuple[certificates.Key, x509.Certificate]:
        if name not in self._people:
            key, now = certificates.new_key(), dt.datetime.now(dt.UTC)
            begins, ends = now - dt.timedelta(days=1), now + dt.timedelta(days=730)
            builder = certificates.certificate_of(certificates.name(name), self.root.subject, key, begins, ends)
            purpose = x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            )
            signed = builder.add_extension(purpose, critical=True).sign(self.root_key, hashes.SHA256())
            self._people[name] = key, signed
        return self._people[name]

    def sign(
        self, document: bytes, name: str, properties: dict[str, Any], box: tuple[int, int, int, int] | None = None
    ) -> bytes:
        """PAdES-BASELINE-T, drawn on the first page within `box`. Raises PdfError, ValueError for what is no PDF."""
        key, certificate = self._person(name)
        store = SimpleCertificateStore()
        store.register(_asn1(self.root))
        signer = signers.SimpleSigner(_asn1(certificate), _asn1_key(key), store)
        stamper = DummyTimeStamper(_asn1(self.stamps.certificate), _asn1_key(self.stamps.key))
        writer = IncrementalPdfFileWriter(io.BytesIO(document))
        number = len(writer.prev.embedded_signatures) + 1
        metadata = signers.PdfSignatureMetadata(
            field_name=f"Tanda_tangan_{number}",
            subfilter=fields.SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            reason=properties.get("reason"),
            location=properties.get("location"),
        )
        field = fields.SigFieldSpec(f"Tanda_tangan_{number}", box=box) if box else None
        made: io.BytesIO = signers.PdfSigner(metadata, signer, timestamper=stamper, new_field_spec=field).sign_pdf(
            writer
        )
        return made.getvalue()


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _asn1_key(key: certificates.Key) -> asn1_keys.PrivateKeyInfo:
    form = serialization.PrivateFormat.PKCS8
    return asn1_keys.PrivateKeyInfo.load(
        key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())
    )


class EsignWorld(serving.StandInWorld):
    """`signed` keeps what was signed and not delivered, as BSrE's own list of signatures would."""

    def __init__(self, authority: SigningAuthority) -> None:
        super().__init__()
        self.authority = authority
        self.signed: list[bytes] = []
        self.bodies: list[bytes] = []

    def answer(self, path: str, headers: Any) -> Said:
        if path == ROOTS_ADDRESS:
            return 200, self.authority.roots_pem, "application/x-pem-file"
        return _problem(405, 405, "Method Not Allowed")

    def error_answer(self) -> Said:
        return _problem(500, 500, "Internal Server Error")

    def answer_post(self, path: str, headers: Any, body: bytes) -> Said:
        self.requests.append(path)
        self.bodies.append(body)
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("Authorization") != f"Basic {expected}":
            return _problem(401, 401, "Unauthorized")
        if self.fault == "garbage":
            return 200, b"<html>", "text/html"
        if self.fault == "error":
            return self.error_answer()
        try:
            asked = json.loads(body)
        except ValueError:
            return _problem(400, 400, "Bad Request")
        match path.removeprefix(PREFIX):
            case "user/check/status":
                return self._status(asked)
            case "sign/pdf":
                return self._sign(asked)
            case "verify/pdf":
                return self._verify(asked)
        return _problem(404, 404, "Not Found")

    @staticmethod
    def _standing(asked: dict[str, Any]) -> tuple[str, int, str]:
        """(status, code, message)."""
        email, nik = str(asked.get("email", "")), str(asked.get("nik", ""))
        if nik == NIK or (email and not email.startswith(("asing.", "baru."))):
            return "ISSUE", 1111, "User telah memiliki sertifikat elektronik aktif"
        if email.startswith("baru."):
            return "NO_CERTIFICATE", 2021, "User belum memiliki sertifikat elektronik"
        return "NOT_REGISTERED", 2011, "User tidak terdaftar"

    def _status(self, asked: dict[str, Any]) -> Said:
        status, code, message = self._standing(asked)
        return serving.as_json(200, {"status": status, "status_code": code, "message": message})

    def _sign(self, asked: dict[str, Any]) -> Said:
        status, code, message = self._standing(asked)
        if status != "ISSUE":
            return _problem(200, code, message)
        if asked.get("passphrase") != PASSPHRASE:
            return _problem(400, 2031, "Passphrase anda salah")
        (properties,) = asked["signatureProperties"]
        name = "Penanda Tangan Uji" if asked.get("nik") else _name_of(str(asked["email"]))
        authority = SigningAuthority() if self.fault == "stranger" else self.authority
        begun = time.monotonic()
        try:
            (document,) = (base64.b64decode(each, validate=True) for each in asked["file"])
            if self.fault == "other_file":
                document = document.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
            if self.fault == "altered":
                document = _with_an_empty_first_page(document)
            made = authority.sign(document, name, properties)
        except (PdfError, ValueError, binascii.Error):
            return _problem(500, 500, "Internal Server Error")
        if self.fault in {"sign_then_drop", "sign_then_500"}:
            self.signed.append(made)
            if self.fault == "sign_then_500":
                return _problem(500, 500, "Internal Server Error")
            raise ConnectionResetError
        if self.fault == "wrapped":
            text = base64.encodebytes(made).decode()
            return serving.as_json(200, {"message": "Proses berhasil", "file": [text]})
        took = round((time.monotonic() - begun) * 1000)
        return serving.as_json(200, {"time": took, "file": [base64.b64encode(made).decode()]})

    def _verify(self, asked: dict[str, Any]) -> Said:
        document = base64.b64decode(asked["file"])
        try:
            embedded = IncrementalPdfFileWriter(io.BytesIO(document)).prev.embedded_regular_signatures
            roots = [_asn1(self.authority.root), _asn1(self.authority.stamps.root)]
            found = [
                validate_pdf_signature(each, ValidationContext(trust_roots=roots), ValidationContext(trust_roots=roots))
                for each in embedded
            ]
        except (PdfError, ValueError):
            return _problem(500, 500, "Internal Server Error")
        holds = bool(found) and all(each.bottom_line for each in found)
        said = {"conclusion": "VALID" if holds else "INVALID", "signatureCount": len(found)}
        return serving.as_json(200, said)


def _name_of(email: str) -> str:
    """The demo's people by name, in capitals and with a title as BSrE writes them; others as their address says."""
    account = email.partition("@")[0]
    name = next((each.full_name for each in PEOPLE if each.username == account), account.replace(".", " "))
    return f"{name.upper()}, S.E."


def _with_an_empty_first_page(document: bytes) -> bytes:
    """By an incremental update, so that the bytes before it stay."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    page, _resources = writer.find_page_for_modification(0)
    page.get_object()["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b" "))
    writer.update_container(page.get_object())
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _problem(status: int, code: int, text: str) -> Said:
    return serving.as_json(status, {"status_code": code, "error": text})
