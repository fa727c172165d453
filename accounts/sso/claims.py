"""What the SSO says of a person. Claims may be nested: `data.identitas.nip`."""

from typing import Any


def claim(claims: dict[str, Any], path: str) -> str:
    """The text or number at a dotted path; empty where there is none."""
    found: Any = claims
    for part in path.split("."):
        if not isinstance(found, dict):
            return ""
        found = found.get(part)
    return str(found).strip() if isinstance(found, str | int) and not isinstance(found, bool) else ""
