"""Who is at the keyboard? Asked again after a pause, and before what matters most.

The question stands on a page of its own at the same address, with everything that was typed in it as hidden fields:
answering it sends the form on its way. So nothing typed has to be stored on the server or in a browser that others use
too, and it works without JavaScript. Files can't travel that way; the page says so.

A session that is left alone for IDLE_MINUTES is locked, not ended. Before deciding, overriding, unmasking, lending a
role or making a token the last answer must be at most ten minutes old (`fresh`).
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Session, User
from accounts.sign_in.forms import ConfirmForm
from core.access import SAFE_METHODS, View, rule_of
from core.choices import Role
from core.errors import CONFIRM_FIELDS, forgets_secrets, typed_fields
from core.form_keys import FIELD as FORM_KEY
from core.request_values import own_page

FRESH_SECONDS = 600
SEEN_EVERY = dt.timedelta(minutes=1)
LOCKED_KEY = "locked"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed it, within the last ten minutes."""
    return time.time() - max((record["at"] for record in _records(request)), default=0.0) < FRESH_SECONDS


def by_second_factor(request: HttpRequest) -> bool:
    """Whether a code or a passkey stands behind this session."""
    return any(record["method"] == "mfa" for record in _records(request))


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    user = request.user
    return get_authentication_records(request, user) if isinstance(user, User) else []


def fresh(view: View) -> View:
    """For a view under @access: what it changes needs a fresh answer. Reading it does not."""
    return _asking(view, SAFE_METHODS)


def ask_first(request: HttpRequest) -> HttpResponse | None:
    """Before a form is shown whose secret could not be kept while we ask: the question, or None."""
    return None if is_fresh(request) else demand(request)


def fresh_for(*roles: Role) -> Callable[[View], View]:
    """For a view in which only these roles decide something."""
    return lambda view: _asking(view, SAFE_METHODS, roles)


def fresh_even_to_read(view: View) -> View:
    """For a page that shows a secret."""
    return _asking(view, frozenset())


def _asking(view: View, unasked: frozenset[str], roles: Sequence[Role] = ()) -> View:
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        concerns = not roles or request.user.has_role(*roles)  # type: ignore[union-attr]  # under @access: signed in
        if concerns and request.method not in unasked and not is_fresh(request):
            question = demand(request)
            if question is not None:
                return question
        return view(request, *args, **kwargs)

    asked.asks_again = True  # type: ignore[attr-defined]  # our own mark on a view; the test of these views reads it
    return asked  # type: ignore[return-value]  # the same signature


def demand(request: HttpRequest, *, is_locked: bool = False) -> HttpResponse | None:
    """The page with the question; None when this very request brings the right answer, which is taken out of it."""
    sent = request.POST if request.method == "POST" else {}
    form = ConfirmForm(sent if CONFIRM_FIELDS & set(sent) else None, request=request)
    if form.is_bound and form.is_valid():
        record_authentication(request, form.user, **form.way)
        remaining = request.POST.copy()
        for name in CONFIRM_FIELDS:
            remaining.pop(name, None)
        request.POST = remaining  # type: ignore[assignment]  # without the answer, as the view expects it
        return None
    if not _is_page(request):
        return JsonResponse({"detail": _locked_text(), "problem": _locked_text()}, status=401)
    here = request.get_full_path()
    typed = [(name, value) for name, value in typed_fields(request) if name not in CONFIRM_FIELDS]
    forgets = forgets_secrets(request)
    if forgets and all(name == FORM_KEY for name, _value in typed):  # nothing to send on: back to the empty form
        here, typed = own_page(request, urlsplit(request.headers.get("referer", "")).path) or here, []
    goes_on = request.method == "POST" and not (forgets and not typed)
    context = {
        "form": form,
        "is_locked": is_locked,
        "address": here if goes_on else f"{reverse('accounts:confirm')}?{urlencode({'next': here})}",
        "typed": typed,
        "forgets": forgets,
        "goes_on": goes_on,
        "has_files": bool(request.FILES) if goes_on else False,
        "js_data": {"request_options": begin_authentication(form.user)} if form.has_key else None,
        "minutes": settings.IDLE_MINUTES,
        "sso_name": settings.SSO_NAME,
    }
    return render(request, "accounts/confirm.html", context, status=403)


def _locked_text() -> str:
    return _("Your session is locked. Open the portal in another tab, confirm that it is you, then try again here.")


def _is_page(request: HttpRequest) -> bool:
    """Whether a browser shows the answer as a page, rather than a script reading it."""
    reads = request.headers.get("HX-Request") == "true" or request.content_type == "application/json"
    return not reads and not request.path.startswith("/api/v1/")


class IdleLockMiddleware:
    """Locks a session that was left alone; public pages stay open, and so does the way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """After the check of the CSRF token, before the view."""
        rule = rule_of(view)
        if rule is None or rule.public or not request.user.is_authenticated:
            return None
        if self._was_left_alone(request):
            request.session[LOCKED_KEY] = True
        if request.session.get(LOCKED_KEY):
            question = demand(request, is_locked=True)
            if question is not None:
                return question
            del request.session[LOCKED_KEY]
        return None

    def _was_left_alone(self, request: HttpRequest) -> bool:
        seen: dt.datetime | None = getattr(request.session, "seen_at", None)
        if seen is None:
            return False
        pause = timezone.now() - seen
        if pause > dt.timedelta(minutes=settings.IDLE_MINUTES):
            return True
        if pause > SEEN_EVERY and not request.session.get(LOCKED_KEY):
            Session.objects.filter(session_key=request.session.session_key).update(seen_at=timezone.now())
        return False
