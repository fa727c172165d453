"""One limit for what is sent at once, the proxy's and the portal's: a page that names it, before anything is kept."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from core.errors import too_large

MOST_READ = 8  # times the limit: whoever sends more is cut off without an answer
CHUNK = 1024 * 1024


class BodyLimitMiddleware:
    """The rest of what is sent is read and thrown away: a browser shows no answer while it is still sending."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size <= settings.BODY_LIMIT:
            return self.get_response(request)
        left = min(size, MOST_READ * settings.BODY_LIMIT)
        while left > 0 and (chunk := request.read(min(CHUNK, left))):
            left -= len(chunk)
        return too_large(settings.BODY_LIMIT)
