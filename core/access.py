"""Who may open what: one declaration per view or viewset, readable by people and by the test of every URL.

A view without a declaration answers 403 to everybody (`core.middleware.access_rule`) and fails
`tests/access/test_every_url.py`.
GET and HEAD run in a read-only transaction: a read that must leave a trace (an export, an unmasking) is a POST.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from core.choices import Role

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Scope(StrEnum):
    """Which rows stand behind the door. The queryset's `visible_to`/`editable_by` does the work; this says it."""

    NOTHING = "nothing"  # no rows: sign-in, health
    OWN = "own"  # the user's own account
    OWN_AGENCY = "own_agency"  # rows of the OPD of the user's membership; others are 404
    PROVINCE = "province"  # rows of every OPD, as far as visible_to lets the role see them
    REFERENCE = "reference"  # reference data, the same for everybody


@dataclass(frozen=True)
class AccessRule:
    """`roles` empty and `public` False: every signed-in user."""

    roles: frozenset[Role]
    scope: Scope
    public: bool = False

    def admits(self, user: Any) -> bool:
        if self.public:
            return True
        if not user.is_authenticated:
            return False
        return not self.roles or bool(self.roles & user.roles)


def public(scope: Scope = Scope.NOTHING) -> AccessRule:
    return AccessRule(frozenset(), scope, public=True)


def signed_in(scope: Scope = Scope.OWN) -> AccessRule:
    return AccessRule(frozenset(), scope)


def roles(*allowed: Role, scope: Scope) -> AccessRule:
    return AccessRule(frozenset(allowed), scope)


def access(rule: AccessRule, *, writes_on_get: bool = False) -> Callable[[View], View]:
    """Declare the rule of a function view, enforce it, and hold safe methods to reading.

    `writes_on_get` is for views of libraries whose GET legitimately writes.
    """

    def decorate(view: View) -> View:
        own_transaction = bool(getattr(view, "_non_atomic_requests", None))  # Django's mark: no request transaction

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not rule.admits(request.user):
                raise PermissionDenied
            if (
                request.method in SAFE_METHODS
                and not writes_on_get
                and not own_transaction
                and connection.in_atomic_block
            ):
                forbid_writing()
            return view(request, *args, **kwargs)

        guarded.access_rule = rule  # type: ignore[attr-defined]  # our own mark on a view
        return login_not_required(guarded) if rule.public else guarded  # type: ignore[return-value]  # Django's decorator gives any callable

    return decorate


def forbid_writing() -> None:
    """PostgreSQL itself refuses any write until the end of the request's transaction (or savepoint)."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def rule_of(callback: Any) -> AccessRule | None:
    """The declaration behind a URL's callback: on the function, or on the class of a class-based view."""
    rule = getattr(callback, "access_rule", None)
    if rule is None:
        view_class = getattr(callback, "view_class", getattr(callback, "cls", None))
        rule = getattr(view_class, "access_rule", None)
    return rule


def names(selected: Iterable[Role]) -> str:
    return ", ".join(str(role.label) for role in sorted(selected))
