"""An address that only takes a form leads a browser that opens it to the form's page."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase

from core.form_pages import page_of_form


class FormPagesMiddleware:
    """Programs, and scripts of ours, go on getting 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = "text/html" in request.headers.get("accept", "") and "HX-Request" not in request.headers
        if (
            response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            and request.method in {"GET", "HEAD"}
            and request.resolver_match is not None
            and is_page
            and not request.path.startswith("/api/")
        ):
            return page_of_form(request, request.resolver_match)
        return response
