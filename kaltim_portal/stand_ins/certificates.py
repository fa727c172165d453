"""Keys and certificates of the stand-ins' test authorities."""

import datetime as dt
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

Key = rsa.RSAPrivateKey


def new_key() -> Key:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def certificate_of(
    subject: x509.Name, issuer: x509.Name, key: Key, begins: dt.datetime, ends: dt.datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)


def root(common_name: str) -> tuple[Key, x509.Certificate]:
    key, now = new_key(), dt.datetime.now(dt.UTC)
    begins, ends = now - dt.timedelta(days=800), now + dt.timedelta(days=3650)
    builder = certificate_of(name(common_name), name(common_name), key, begins, ends)
    is_ca = x509.BasicConstraints(ca=True, path_length=0)
    return key, builder.add_extension(is_ca, critical=True).sign(key, hashes.SHA256())


def kept(folder: Path | None, name: str, make: Any) -> tuple[Key, x509.Certificate]:
    """Key and certificate from the folder, made there the first time."""
    if folder is None:
        made: tuple[Key, x509.Certificate] = make()
        return made
    key_file, certificate_file = folder / f"{name}.key", folder / f"{name}.pem"
    if key_file.exists() and certificate_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if isinstance(key, rsa.RSAPrivateKey):
            return key, x509.load_pem_x509_certificate(certificate_file.read_bytes())
    folder.mkdir(parents=True, exist_ok=True)
    key, certificate = make()
    form = serialization.PrivateFormat.PKCS8
    key_file.touch(mode=0o600)
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate
