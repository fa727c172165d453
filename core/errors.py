"""Error pages that need neither database nor session, and lose nothing that was typed."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

RETRY_AFTER_SECONDS = "10"
NEVER_REPEATED = ("csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "otp_token")
# A cancelled statement or a lock that took too long is an OperationalError too, and not an outage of the server.
QUERY_CANCELED, LOCK_NOT_AVAILABLE = "57014", "55P03"


def is_outage(error: BaseException | None) -> bool:
    """Whether the database (and not our code) is the reason of an exception."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_busy(error: BaseException | None) -> bool:
    while error is not None:
        if getattr(error, "pgcode", None) in {QUERY_CANCELED, LOCK_NOT_AVAILABLE}:
            return True
        error = error.__cause__ or error.__context__
    return False


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with the typed data kept on the page when the database is away."""
    error = sys.exc_info()[1]
    if not is_outage(error):
        return HttpResponse(render_to_string("500.html", {"request": request}), status=500)
    context: dict[str, Any] = {
        "request": request,
        "is_busy": is_busy(error),
        "typed": _typed(request),
        "csrf_token": request.META.get("CSRF_COOKIE", ""),
    }
    template = "503.html"
    if request.headers.get("HX-Request") == "true":
        template = "components/outage_notice.html"
    response = HttpResponse(render_to_string(template, context, request=None), status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML"
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    return [(name, value) for name, values in request.POST.lists() if name not in NEVER_REPEATED for value in values]


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token ran out (a long pause, a sign-in in another tab): offer to send the same data again."""
    del reason
    context = {"request": request, "typed": _typed(request)}
    return HttpResponse(render_to_string("403_csrf.html", context, request=request), status=403)
