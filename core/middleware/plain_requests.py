"""What no browser sends is turned away before anything reads it: a NUL in the address, behind its question mark or in a
form's field, a body in another character set than UTF-8. Further in, each would be an error of the server in a place of
its own."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import parse_header_parameters

REFUSAL = "Permintaan tidak dapat dibaca (bukan teks UTF-8 biasa)."
TYPE = "text/plain; charset=utf-8"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PlainRequestsMiddleware:
    """For what comes by another way than the application below."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_plain(request.META):
            return HttpResponse(REFUSAL, status=400, content_type=TYPE)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """After everything that limits how large a body may be. PostgreSQL has no place for a NUL in any text, and not
        every value goes through a field of a form that says so."""
        if request.method == "POST" and _has_nul(request):
            return HttpResponse(REFUSAL, status=400, content_type=TYPE)
        return None


def _has_nul(request: HttpRequest) -> bool:
    try:
        sent = list(request.POST.lists())
    except OSError:  # the body could not be read to its end; whoever needs it says so
        return False
    return any("\x00" in text for name, values in sent for text in (name, *values))


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
    asked = meta.get("QUERY_STRING", "")
    if "\x00" in meta.get("PATH_INFO", "") or "%00" in asked or "\x00" in asked:
        return False
    return parameters.get("charset", "utf-8").lower() == "utf-8"
