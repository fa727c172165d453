"""What somebody may do, said once per act: `check_may_x` raises with the reason, `may_x` is made from it.

Buttons ask `may_x`; services call `check_may_x` and trust no caller. A check raises PermissionDenied for the wrong
person, ValidationError, in words, when the person is right and the state of things is not, and AlreadyDecided when
somebody else was faster.
"""

from collections.abc import Callable
from typing import ParamSpec

from django.core.exceptions import PermissionDenied, ValidationError

from core.decided import AlreadyDecided

P = ParamSpec("P")


def allowed(check: Callable[P, None]) -> Callable[P, bool]:
    """`may_x = allowed(check_may_x)`."""

    def may(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except (PermissionDenied, ValidationError, AlreadyDecided):
            return False
        return True

    return may


def refusal(check: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> str:
    """Why this person may not, as the check says it; empty when they may, or when the state of things is in the way."""
    try:
        check(*args, **kwargs)
    except PermissionDenied as error:
        return str(error)
    except (ValidationError, AlreadyDecided):
        return ""
    return ""


def insist(check: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Turn the wrong person away before anything typed is read. A state in the way is said later, beside what was
    typed, by the service itself."""
    if reason := refusal(check, *args, **kwargs):
        raise PermissionDenied(reason)
