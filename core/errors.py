"""Error pages that need neither database nor session, and lose nothing that was typed."""

import logging
import sys
from typing import Any

from django.apps import apps
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import BaseConstraint
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

RETRY_AFTER_SECONDS = "10"
NEVER_REPEATED = ("csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "otp_token")
# A cancelled statement or a lock that took too long is an OperationalError too, and not an outage of the server.
QUERY_CANCELED, LOCK_NOT_AVAILABLE = "57014", "55P03"
# What PostgreSQL refuses because of other rows: gone, there already, or otherwise than when the form was checked.
FOREIGN_KEY, UNIQUE, CHECK, EXCLUSION = "23503", "23505", "23514", "23P01"
logger = logging.getLogger(__name__)


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


def refusal_of(error: BaseException | None) -> IntegrityError | None:
    """PostgreSQL's own refusal, behind an exception: somebody else was faster than the form's check."""
    while error is not None:
        if isinstance(error, IntegrityError) and _diagnosis(error, "sqlstate") in {
            FOREIGN_KEY,
            UNIQUE,
            CHECK,
            EXCLUSION,
        }:
            return error
        error = error.__cause__ or error.__context__
    return None


def _diagnosis(error: IntegrityError, name: str) -> str:
    return getattr(getattr(error.__cause__, "diag", None), name, None) or ""


def words_of(refusal: IntegrityError) -> str:
    """What the constraint's own definition says to people; empty where it says nothing."""
    name = _diagnosis(refusal, "constraint_name")
    for model in apps.get_models():
        for constraint in model._meta.constraints:  # noqa: SLF001 (Django's public-by-use API)
            said = constraint.violation_error_message
            if constraint.name == name and said != BaseConstraint.default_violation_error_message:
                return str(said)
    return ""


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500; with what was typed kept on the page 503 when the database is away, and 409 when its rules refuse."""
    error = sys.exc_info()[1]
    context: dict[str, Any] = {
        "request": request,
        "is_busy": is_busy(error),
        "typed": _typed(request),
        "csrf_token": request.META.get("CSRF_COOKIE", ""),
    }
    refusal = refusal_of(error)
    if refusal is not None and request.method == "POST":
        logger.warning("refused by the database at %s: %s", request.path, _diagnosis(refusal, "constraint_name"))
        context["words"] = words_of(refusal)
        return HttpResponse(render_to_string("409.html", context, request=None), status=409)
    if not is_outage(error):
        return HttpResponse(render_to_string("500.html", {"request": request}), status=500)
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
