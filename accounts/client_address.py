"""The client's address, believing exactly as many proxies as the operator says there are."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """REMOTE_ADDR, or behind PROXY_COUNT proxies the entry of X-Forwarded-For that the outermost of them wrote.

    What is no address (a header made up by somebody, an entry with a port) is passed over for the next best.
    """
    count: int = settings.PROXY_COUNT
    forwarded: list[str] = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    written = forwarded[-count] if count and len(forwarded) >= count else ""
    return _address(written) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.strip("[]").partition("%")[0]))
    except ValueError:
        return None
