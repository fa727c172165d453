"""What no browser sends is turned away before anything reads it: a NUL in the address, a body in another character set
than UTF-8. Further in, each would be an error of the server in a place of its own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

REFUSAL = "Permintaan tidak dapat dibaca (bukan UTF-8)."


class PlainRequestsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or not _is_utf8(request):
            return HttpResponse(REFUSAL, status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def _is_utf8(request: HttpRequest) -> bool:
    """As Django asks of a form, by this very name."""
    return (request.content_params or {}).get("charset", "utf-8").lower() == "utf-8"
