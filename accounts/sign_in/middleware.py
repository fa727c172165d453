"""What stands between a session and the portal: one gate for pages and for the API, and no copies left behind."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.drafts.middleware import FIELD as DRAFT
from accounts.models import User
from accounts.reauthentication import by_second_factor
from accounts.sign_in.services import must_have_second_factor
from core.access import rule_of
from core.errors import forgets_secrets, lost_files, typed_fields
from core.request_values import own_page

# What stays open while the second factor is still missing: the way to it.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "accounts:enrolment",
        "accounts:enrol",
        "accounts:confirm",
        "accounts:sign-in-again",
    }
)


class SecondFactorMiddleware:
    """Whoever must have a second factor gets nowhere without it. A token of the API says itself whether it was made
    behind one (`accounts.tokens`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        rule, user = rule_of(view), request.user
        if rule is None or rule.public or not isinstance(user, User) or not must_have_second_factor(user):
            return None
        match = request.resolver_match
        if by_second_factor(request) or (match and match.view_name in WITHOUT_SECOND_FACTOR):
            return None
        if request.path.startswith("/api/v1/"):
            return JsonResponse({"detail": _("Your role needs a second factor. Set it up in the portal.")}, status=403)
        return redirect("mfa_activate_totp")


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """As Django's; but what was typed into a form before the session ended stays on the page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]  # the stubs know only a redirect
        typed, forgets = typed_fields(request), forgets_secrets(request)
        if not typed:
            return super().handle_no_permission(request, view_func)
        # The page that the form stood on: drafts.js has kept there what was typed, and puts it back.
        place = urlsplit(request.headers.get("referer", ""))
        page = own_page(request, urlunsplit(("", "", place.path, place.query, ""))) or request.get_full_path()
        context = {"typed": typed, "forgets": forgets, "page": page, "is_kept": DRAFT in request.POST}
        context["lost_files"] = lost_files(request)
        return render(request, "accounts/session_over.html", context, status=403)
