"""A decision that came second is answered with who decided first, and with what its sender had typed; so is what is
sent to a row that somebody deleted, and what is too long to be kept."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.decided import AlreadyDecided
from core.deleted import AlreadyDeleted
from core.errors import typed_fields
from core.request_values import TextTooLong
from core.typed_words import typed_words


class DecidedElsewhereMiddleware:
    """What the view had begun is taken back by then: its transaction ends with the exception."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, AlreadyDecided | TextTooLong):
            return None
        page = request.get_full_path()  # where only a form is taken, it leads to the form's page
        context = {"said": str(exception), "page": page, "typed": typed_words(typed_fields(request))}
        template, status = _page_for(exception)
        return render(request, template, context, status=status)


def _page_for(exception: AlreadyDecided | TextTooLong) -> tuple[str, HTTPStatus]:
    if isinstance(exception, TextTooLong):
        return "422_too_long.html", HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(exception, AlreadyDeleted):
        return "410.html", HTTPStatus.GONE
    return "409_decided.html", HTTPStatus.CONFLICT
