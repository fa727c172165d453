"""A decision that came second is answered with who decided first, and with what its sender had typed."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.decided import AlreadyDecided
from core.errors import typed_fields
from core.typed_words import typed_words


class DecidedElsewhereMiddleware:
    """What the view had begun is taken back by then: its transaction ends with the exception."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, AlreadyDecided):
            return None
        page = request.get_full_path()  # where only a form is taken, it leads to the form's page
        context = {"said": str(exception), "page": page, "typed": typed_words(typed_fields(request))}
        return render(request, "409_decided.html", context, status=HTTPStatus.CONFLICT)
