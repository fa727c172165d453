"""What a file is known by later, whatever it is called: the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from django.core.files import File

CHUNK = 1 << 20


def sha256_of(file: BinaryIO | File[Any]) -> str:
    """In 64 hex digits; the file stands at its beginning afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
