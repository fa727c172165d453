"""Work of a worker that dies ends its row with a reason that its owner sees: nothing stays “being read” for ever.

A task that raises tells so itself (`ends_its_row`). A worker that is killed can't: a sweep ends what has been under way
for longer than anything takes. Each kind says how in settings.LONG_WORK.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from celery.exceptions import Ignore, Retry
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

LONGEST = dt.timedelta(hours=2)

Ended = Callable[[int, str], None]  # the row's key, why


def ends_its_row(end: Ended) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For tasks whose first argument is the key of the row that says how far the work is."""

    def decorated(work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def watched(pk: int, *args: Any, **more: Any) -> Any:
            try:
                return work(pk, *args, **more)
            except (Retry, Ignore):
                raise
            except Exception:
                end(pk, broke_off())
                raise

        watched.ends_its_row = True  # type: ignore[attr-defined]  # a rail looks for it
        return watched

    return decorated


def broke_off() -> str:
    return _("The work broke off because of a fault in the portal; the administrators see it in the log. Try again.")


def end_what_died() -> int:
    """End the rows of every kind that have been under way for too long; how many."""
    before = timezone.now() - LONGEST
    return sum(import_string(path)(before, broke_off()) for path in settings.LONG_WORK)
