"""From which state a row of a workbook was made: what changed since then is a conflict, and nothing is written over."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

LETTERS = 12


def row_version(values: Iterable[Any]) -> str:
    """A short digest of what the portal held; blank texts and missing figures are alike, 1.50 is 1.5."""
    said = "\x1f".join(map(_plain, values))
    return hashlib.sha256(said.encode()).hexdigest()[:LETTERS]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    return str(value)
