"""Error pages that need neither database nor session, and lose nothing that was typed."""

import errno
import logging
import sys
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.db.models import BaseConstraint
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from core import audit
from core.private_files import StoredFileMissing
from core.typed_words import typed_words

RETRY_AFTER_SECONDS = "10"
# The answers to "is it you?", which come with the form that they let through and are no part of it.
CONFIRM_FIELDS = frozenset({"confirm_password", "confirm_code", "confirm_key"})
NEVER_REPEATED = (
    frozenset(
        {
            "csrfmiddlewaretoken",
            "password",
            "password1",
            "password2",
            "old_password",
            "passphrase",
            "new_password1",
            "new_password2",
            "credential",
            "signature",
        }
    )
    | CONFIRM_FIELDS
)
# A cancelled statement or a lock that took too long is an OperationalError too, and not an outage of the server.
QUERY_CANCELED, LOCK_NOT_AVAILABLE = "57014", "55P03"
DISK_FULL = "53100"
# What PostgreSQL refuses because of other rows: gone, there already, or otherwise than when the form was checked.
FOREIGN_KEY, UNIQUE, CHECK, EXCLUSION = "23503", "23505", "23514", "23P01"
logger = logging.getLogger(__name__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what lies behind it, the nearest first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_outage(error: BaseException | None) -> bool:
    """Whether the database (and not our code) is the reason of an exception."""
    return any(isinstance(each, OperationalError | InterfaceError) for each in _causes(error))


def is_busy(error: BaseException | None) -> bool:
    return any(getattr(each, "pgcode", None) in {QUERY_CANCELED, LOCK_NOT_AVAILABLE} for each in _causes(error))


def is_disk_full(error: BaseException | None) -> bool:
    """No room for a file of ours, a file on its way in, or a row."""
    return any(
        (isinstance(each, OSError) and each.errno in {errno.ENOSPC, errno.EDQUOT})
        or getattr(each, "pgcode", None) == DISK_FULL
        for each in _causes(error)
    )


def tell_administrators(text: str) -> None:
    """By notice and mail, once a day, and in the log; a database that is away leaves the log."""
    logger.error("%s", text)
    try:
        import_string(settings.TELL_ADMINISTRATORS)(text)
    except DatabaseError as error:
        logger.warning("administrators were not told: %s", error)


def tell_of_full_disk() -> None:
    tell_administrators(_("The server has no room left for files: make room, or people cannot hand anything in."))


def refusal_of(error: BaseException | None) -> IntegrityError | None:
    """PostgreSQL's own refusal, behind an exception: somebody else was faster than the form's check."""
    refused = {FOREIGN_KEY, UNIQUE, CHECK, EXCLUSION}
    for each in _causes(error):
        if isinstance(each, IntegrityError) and _diagnosis(each, "sqlstate") in refused:
            return each
    return None


def _diagnosis(error: DatabaseError, name: str) -> str:
    return getattr(getattr(error.__cause__, "diag", None), name, None) or ""


def constraint_of(refusal: DatabaseError) -> str:
    """The name of the constraint that refused; empty where none did."""
    return _diagnosis(refusal, "constraint_name")


def words_of(refusal: DatabaseError) -> str:
    """What the constraint's own definition says to people; empty where it says nothing."""
    name = constraint_of(refusal)
    for model in apps.get_models():
        for constraint in model._meta.constraints:  # noqa: SLF001 (Django's public-by-use API)
            said = constraint.violation_error_message
            if constraint.name == name and said != BaseConstraint.default_violation_error_message:
                return str(said)
    return ""


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500; for what is not the portal's own fault a page in words, with what was typed kept on it."""
    error = sys.exc_info()[1]
    if isinstance(error, StoredFileMissing):
        return _file_missing(error)
    if is_disk_full(error):
        tell_of_full_disk()
        return _sorry(request, "507.html", 507)
    refusal = refusal_of(error)
    if refusal is not None and request.method == "POST":
        logger.warning("refused by the database at %r: %s", request.path, constraint_of(refusal))
        return _sorry(request, "409.html", 409, words=words_of(refusal))
    if is_outage(error):
        return _outage(request, error)
    return _sorry(request, "500.html", 500)


def _outage(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    is_htmx = request.headers.get("HX-Request") == "true"
    template = "components/outage_notice.html" if is_htmx else "503.html"
    response = _sorry(request, template, 503, is_busy=is_busy(error))
    response["Retry-After"] = RETRY_AFTER_SECONDS
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML"
    return response


def _file_missing(error: StoredFileMissing) -> HttpResponse:
    tell_administrators(_("The bytes of a file are missing from the storage: %(place)s.") % {"place": error})
    return HttpResponse(render_to_string("file_missing.html", {"place": str(error)}, request=None), status=404)


def _sorry(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context |= {
        "request": request,
        "typed": typed_fields(request),
        "forgets": forgets_secrets(request),
        "lost_files": lost_files(request),
        "csrf_token": request.META.get("CSRF_COOKIE", ""),
    }
    return HttpResponse(render_to_string(template, context, request=None), status=status)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's page with the reason on it; the trail knows who was refused, and where."""
    if request.user.is_authenticated:
        audit.note_refusal(request.user, request.path, str(exception))
    return render(request, "403.html", {"exception": str(exception)} | _of_a_form(request), status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What somebody had open and is no longer theirs to see is not found, either."""
    del exception  # it names addresses of ours, and nothing for people
    return render(request, "404.html", _of_a_form(request), status=404)


def _of_a_form(request: HttpRequest) -> dict[str, Any]:
    """What stood in a form whose sender may not, or no longer, send it. Of nobody's requests the body is not read."""
    if request.resolver_match is None or not request.user.is_authenticated:
        return {}
    typed = [(name, value) for name, value in typed_fields(request) if value]
    return {"typed": typed if typed_words(typed) else [], "lost_files": lost_files(request)}


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for more than the portal takes at once."""
    del request
    if isinstance(exception, RequestDataTooBig):
        return too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return HttpResponse(render_to_string("400.html", {}, request=None), status=400)


def too_large(limit: int) -> HttpResponse:
    """413; `limit` in bytes."""
    return HttpResponse(render_to_string("413.html", {"megabytes": limit // 1024**2}, request=None), status=413)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of everything that a form brought, but for secrets."""
    if request.method != "POST":
        return []
    try:
        sent = request.POST.lists()
    except (RawPostDataException, OSError):  # the body could not be read to its end
        return []
    return [(name, value) for name, values in sent if name not in NEVER_REPEATED for value in values]


def lost_files(request: HttpRequest) -> list[str]:
    """The names of the files that came with a form: no page can send them a second time."""
    if request.method != "POST":
        return []
    try:
        return [file.name or "" for _field, files in request.FILES.lists() for file in files]
    except (RawPostDataException, OSError):
        return []


def forgets_secrets(request: HttpRequest) -> bool:
    """Whether the form brought a password or a pass phrase, which no page repeats: it has to be typed again."""
    if request.method != "POST":
        return False
    unsaid = NEVER_REPEATED - CONFIRM_FIELDS - {"csrfmiddlewaretoken"}
    try:
        return any(request.POST.get(name) for name in unsaid)
    except (RawPostDataException, OSError):
        return False


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token ran out (a long pause, a sign-in in another tab): offer to send the same data again."""
    del reason
    context = {
        "request": request,
        "typed": typed_fields(request),
        "forgets": forgets_secrets(request),
        "lost_files": lost_files(request),
    }
    return HttpResponse(render_to_string("403_csrf.html", context, request=request), status=403)
