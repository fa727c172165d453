"""How long the server worked on an answer, told in the answer's own header: for operators, browsers' tools and `make
bench`."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse


class ServerTimingMiddleware:
    """`Server-Timing: portal;dur=…` in ms, from the first line of the request to the whole answer. Off unless asked
    for.

    Off by default in production: nobody outside need know how long an answer took to work out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SERVER_TIMING:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        response["Server-Timing"] = f"portal;dur={(time.perf_counter() - began) * 1000:.1f}"
        return response
