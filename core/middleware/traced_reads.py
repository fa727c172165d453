"""Reads that leave a trace: written after the read-only transaction of the view, before its answer goes out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from core import audit

REFUSED = 400


class TracedReadsMiddleware:
    """Who cannot be written down does not get the answer: a trace that fails is an error of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < REFUSED:
            audit.write_reads(request)
        return response
