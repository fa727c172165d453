"""The client's address, believing exactly as many proxies as the operator says there are."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """REMOTE_ADDR, or behind PROXY_COUNT proxies the entry of X-Forwarded-For that the outermost of them wrote."""
    count: int = settings.PROXY_COUNT
    forwarded: list[str] = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if count and len(forwarded) >= count:
        return forwarded[-count]
    address: str | None = request.META.get("REMOTE_ADDR")
    return address
