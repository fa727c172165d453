"""A view that says nothing of who may open it opens for nobody, whoever asks and whatever test was forgotten."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from core.access import rule_of


class AccessRuleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, _request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Before the view runs, and before its decorators do."""
        if rule_of(view) is None:
            raise PermissionDenied
