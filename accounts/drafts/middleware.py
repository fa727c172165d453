"""A form that was taken needs its draft no longer."""

import contextlib
import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.drafts import services
from accounts.models import User

FIELD = "draft"  # static/js/drafts.js puts the draft's key into a form when it is sent
LEFT = "draft_left"  # and the names of what it knows but the form has no field for
KNOWN = "draft_known"  # and whose texts it has
COOKIE = "draft_taken"  # tells the same script to forget its copies, whatever page comes next
REMEMBERED = 600


class DraftMiddleware:
    """Stands outside `FormOnceMiddleware`, which says whether the form changed anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        key = request.POST.get(FIELD, "") if getattr(request, "has_changed_something", False) else ""
        if services.KEY.fullmatch(key) and _leads_on(response) and isinstance(request.user, User):
            known, sent = services.KnownTexts.said_by(_listed(request, KNOWN)), _sent(request)
            services.taken(owner=request.user, key=key, left=_listed(request, LEFT), known=known, sent=sent)
            response.set_cookie(COOKIE, key, max_age=REMEMBERED, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
        return response


def _sent(request: HttpRequest) -> dict[str, list[str]]:
    """As the script knows it: a form's line breaks travel as two characters."""
    return {name: [text.replace("\r\n", "\n") for text in texts] for name, texts in request.POST.lists()}


def _listed(request: HttpRequest, field: str) -> list[str]:
    """Names that the script has put into the form; none from elsewhere."""
    with contextlib.suppress(ValueError):
        names = json.loads(request.POST.get(field, ""))
        if isinstance(names, list):
            return [name for name in names if isinstance(name, str)]
    return []


def _leads_on(response: HttpResponseBase) -> bool:
    """Whether the form is behind its sender: a page that comes in its place may show again what could not be read."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    return "Location" in response or "HX-Redirect" in response or not is_page
