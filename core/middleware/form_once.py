"""One sending of a served form at a time, and the same one again gets the first one's answer (`core.form_keys`).

Ten at once wait in PostgreSQL for the first: a lock of the transaction, which no crash leaves behind. An answer that
changed nothing (a refusal, one more empty row) is not kept: what was wrong may be right by the next try.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core import form_keys
from core.access import rule_of
from core.request_values import own_page

REFUSED = 400


class FormOnceMiddleware:
    """Stands outside the messages, so that what they leave in the browser is part of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sending = form_keys.sending_of(request)
        if sending is None:
            return self.get_response(request)
        session_before = request.session.session_key
        watch = form_keys.WritingWatch()
        with transaction.atomic(), connection.execute_wrapper(watch):
            request.sending = sending  # type: ignore[attr-defined]  # ours, for process_view below
            response = self.get_response(request)
            request.has_changed_something = watch.wrote  # type: ignore[attr-defined]  # ours; drafts end by it
            if getattr(request, "is_sent_again", False):
                request.has_changed_something = True  # type: ignore[attr-defined]  # the first of them has
                _give_session(response)
            elif watch.wrote and response.status_code < REFUSED:
                session = request.session.session_key
                form_keys.keep_answer(sending, response, session=session if session != session_before else None)
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        """The first one's answer, when there is one; for whom the page no longer opens, the view itself refuses."""
        sending, rule = getattr(request, "sending", None), rule_of(view)
        if sending is None or rule is None or not rule.admits(request.user):
            return None
        form_keys.wait_for_turn(sending)
        answer: HttpResponseBase | None
        try:
            answer = form_keys.kept_answer(sending)
        except form_keys.TooLate:
            messages.info(request, _("This form was handled already; nothing was done a second time."))
            answer = redirect(own_page(request, urlsplit(request.headers.get("referer", "")).path) or "home")
        request.is_sent_again = answer is not None  # type: ignore[attr-defined]  # ours, read above
        return answer


def _give_session(response: HttpResponseBase) -> None:
    """A changed password gave the browser a new session with an answer that it may have thrown away."""
    key = getattr(response, "new_session", None)
    if key:
        response.set_cookie(
            settings.SESSION_COOKIE_NAME,
            key,
            max_age=settings.SESSION_COOKIE_AGE,
            path=settings.SESSION_COOKIE_PATH,
            domain=settings.SESSION_COOKIE_DOMAIN,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=settings.SESSION_COOKIE_HTTPONLY,
            samesite="Lax",
        )
