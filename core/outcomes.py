"""How an act that has no form of its own says what came of it: a message on the page that follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


@contextmanager
def told(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Around a service: `done` is said of what it did, its ValidationError of what it refused."""
    try:
        yield
    except ValidationError as error:
        tell_refusal(request, error)
    else:
        if done:
            messages.success(request, done)


def tell_refusal(request: HttpRequest, error: ValidationError) -> None:
    messages.error(request, " ".join(error.messages))


def refused(request: HttpRequest, error: ValidationError, page: Any) -> HttpResponse:
    """Back to `page`, a row or the name of a page, with what the service says."""
    tell_refusal(request, error)
    return redirect(page)
