"""A form that was taken needs its draft no longer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.drafts import services
from accounts.models import User

FIELD = "draft"  # static/js/drafts.js puts the draft's key into a form when it is sent
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
            services.discard(owner=request.user, keys=[key])
            response.set_cookie(COOKIE, key, max_age=REMEMBERED, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
        return response


def _leads_on(response: HttpResponseBase) -> bool:
    """Whether the form is behind its sender: a page that comes in its place may show again what could not be read."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    return "Location" in response or "HX-Redirect" in response or not is_page
