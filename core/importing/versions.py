"""From which state a row of a workbook was made: what changed since then is a conflict, and nothing is written over."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

LETTERS = 12


def row_version(values: Iterable[Any]) -> str:
    """A short digest of what the portal held; blank texts and missing figures are alike, 1.50 is 1.5."""
    return digest_of(map(_plain, values))


def digest_of(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:LETTERS]


def changed_since(there: Any, names: Sequence[str], version: str) -> list[str]:
    """The columns of the portal's row that were changed since it was at `version`, by its history; [] where that
    doesn't know the version."""
    events = getattr(type(there), "pgh_event_model", None)
    if events is None:
        return []
    for event in events.objects.filter(pgh_obj_id=there.pk).order_by("-pgh_id").iterator(chunk_size=100):
        if row_version(getattr(event, name) for name in names) == version:
            return [name for name in names if _plain(getattr(event, name)) != _plain(getattr(there, name))]
    return []


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    return str(value)
