"""What the SSO says of a person. Claims may be nested: `data.identitas.nip`."""

from typing import Any


def claim(claims: dict[str, Any], path: str) -> str:
    """The text or number at a dotted path; empty where there is none."""
    found: Any = claims
    for part in path.split("."):
        if not isinstance(found, dict):
            return ""
        found = found.get(part)
    if not isinstance(found, str | int) or isinstance(found, bool):
        return ""
    return str(found).replace("\x00", "").strip()
