"""What no browser sends is turned away before anything reads it: a NUL in the address, a body in another character set
than UTF-8, another method than forms and the API have. Further in, each would be an error of the server in a place of
its own."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.http import parse_header_parameters

METHODS = ("GET", "HEAD", "OPTIONS", "POST")  # a view that names none would answer TRACE as it answers GET
REFUSAL = "Permintaan tidak dapat dibaca (bukan UTF-8)."
TYPE = "text/plain; charset=utf-8"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PlainRequestsMiddleware:
    """For what comes by another way than the application below."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_plain(request.META):
            return HttpResponse(REFUSAL, status=400, content_type=TYPE)
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        # PostgreSQL has no place for a NUL; not every value behind the question mark goes through a form's field.
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


def plain_requests_only(application: Application) -> Application:
    """The same before Django makes a request of it: for some character sets (idna, rot13) it can't even do that."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_plain(environ):
            return application(environ, start_response)
        body = REFUSAL.encode()
        start_response("400 Bad Request", [("Content-Type", TYPE), ("Content-Length", str(len(body)))])
        return [body]

    return guarded


def is_plain(meta: dict[str, Any]) -> bool:
    """The character set as Django asks for it, by this very name."""
    try:
        _kind, parameters = parse_header_parameters(meta.get("CONTENT_TYPE") or "")
    except (ValueError, LookupError):
        return False
    return "\x00" not in meta.get("PATH_INFO", "") and parameters.get("charset", "utf-8").lower() == "utf-8"
