"""What somebody may do, said once per act: `check_may_x` raises with the reason, `may_x` is made from it.

Buttons ask `may_x`; services call `check_may_x` and trust no caller. A check raises PermissionDenied for the wrong
person, and ValidationError, in words, when the person is right and the state of things is not.
"""

from collections.abc import Callable
from typing import ParamSpec

from django.core.exceptions import PermissionDenied, ValidationError

P = ParamSpec("P")


def allowed(check: Callable[P, None]) -> Callable[P, bool]:
    """`may_x = allowed(check_may_x)`."""

    def may(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except (PermissionDenied, ValidationError):
            return False
        return True

    return may
