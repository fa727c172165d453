"""Encryption of single columns (Fernet: AES-128-CBC with HMAC-SHA-256) and the keyed hash that finds them again.

FIELD_ENCRYPTION_KEYS holds secrets newest first; the first encrypts, all decrypt, so a key is rotated by putting a new
one in front and saving the rows again.
"""

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

VISIBLE_DIGITS = 4


class DecryptionError(Exception):
    """None of the configured keys opens the value."""


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def encrypt(text: str) -> str:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    if not token:
        return token
    try:
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise DecryptionError("no key in FIELD_ENCRYPTION_KEYS opens this value") from error


def keyed_hash(text: str) -> str:
    """HMAC-SHA-256 of the digits and letters of an identity number: equal numbers give equal hashes, nothing else."""
    normalised = re.sub(r"[^0-9A-Z]", "", text.upper())
    return (
        hmac.new(settings.FIELD_HASH_KEY.encode(), normalised.encode(), hashlib.sha256).hexdigest()
        if normalised
        else ""
    )


def plain_identity(text: str) -> str:
    """An identity number without what is written between its digits, the same for both ways of writing an NPWP: of
    fifteen digits, or of sixteen with a 0 in front (PMK 112/2022). No NIK begins with 0."""
    plain = re.sub(r"[^0-9A-Za-z]", "", text)
    return plain[1:] if re.fullmatch(r"0\d{15}", plain) else plain


def identity_hash(text: str) -> str:
    """`keyed_hash` of an identity number, in whichever way it is written."""
    return keyed_hash(plain_identity(text))


def masked(text: str) -> str:
    """'6472010203040005' → '••••••••••••0005'."""
    if len(text) <= VISIBLE_DIGITS:
        return "•" * len(text)
    return "•" * (len(text) - VISIBLE_DIGITS) + text[-VISIBLE_DIGITS:]
