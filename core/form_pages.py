"""Which page a form stands on, for addresses that only take it.

Such an address comes back to a browser as a page after signing in, from the history, from a mail: it leads to the form
(`core.middleware.form_pages`). Most stand below their page, /arahan/2/jawab/ below /arahan/2/; a view whose page is
elsewhere names it.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, ResolverMatch, resolve

from core.access import View, rule_of

Page = Callable[..., Any]  # (request, what the address names …) → a row or the name of a page


def form_on(page: Page) -> Callable[[View], View]:
    """Under `@require_POST`: where the form of this view stands. May raise Http404, as the view itself would."""

    def decorate(view: View) -> View:
        view.form_page = page  # type: ignore[attr-defined]  # our own mark on a view, which decorators hand on
        return view

    return decorate


def page_of_form(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    """For whom the form is not, there is no way to it either: PermissionDenied, as when it is sent."""
    rule = rule_of(match.func)
    if rule is None or not rule.admits(request.user):
        raise PermissionDenied
    named = getattr(match.func, "form_page", None)
    if named is not None:
        return redirect(named(request, *match.args, **match.kwargs))
    return redirect(nearest_page(request.path))


def nearest_page(path: str) -> str:
    """The page above an address."""
    parts = path.rstrip("/").split("/")
    while len(parts) > 1:
        parts.pop()
        above = "/".join([*parts, ""])
        if _is_there(above):  # where that only takes forms too, it leads on in its turn
            return above
    return resolve_url("home")


def _is_there(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
