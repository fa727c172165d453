"""A form is sent by whom it was served to: who signs in in another tab of the browser does not act with its words."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.errors import typed_fields
from core.form_keys import is_of_another_person
from core.typed_words import typed_words

SIGNING_OUT = "account_logout"  # whoever wants to leave, leaves


class FormPersonMiddleware:
    """Asks before the CSRF token is looked at: a sign-in renews that, and the form would only be offered once more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or match is None or match.url_name == SIGNING_OUT:
            return None
        if not request.user.is_authenticated or not is_of_another_person(request):
            return None
        context = {"typed": typed_words(typed_fields(request)), "page": request.get_full_path()}
        return render(request, "409_other_person.html", context, status=HTTPStatus.CONFLICT)
