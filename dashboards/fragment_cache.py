"""Parts of pages kept for as long as the summaries keep their version, and made anew after the answer has gone out.

When the version moves on, the first reader who comes sees the former state, stamped with its own time, and the server makes
the part anew once that answer is sent; so does nobody else meanwhile. Only a part that nobody asked for in a while, and that
would therefore be old, is made while its reader waits.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe

from dashboards.models import SummaryState

KEPT_SECONDS = 900
BUSY_SECONDS = 20  # after which somebody who died at it no longer holds the others off
NEAR = dt.timedelta(minutes=2)  # how much older than the newest summaries may be shown
log = logging.getLogger(__name__)
Work = Callable[[], None]


@dataclass(frozen=True)
class Kept:
    """`html` shows the summaries of `version`, as of `as_of`."""

    version: int
    as_of: dt.datetime
    html: str

    @property
    def shown(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 (what Django's templates made)


def kept(name: str, state: SummaryState, make: Callable[[], str]) -> tuple[Kept, Work | None]:
    """The part, and what is to be done once it is shown. `name` says everything but the version that it depends on:
    filters, roles, day, language."""
    key = f"kept:{name}"

    def made() -> Kept:
        part = Kept(state.version, state.as_of, make())
        cache.set(key, part, KEPT_SECONDS)
        return part

    def work() -> None:
        try:
            made()
        except Exception:  # the reader has their page; the next one makes it while waiting, and is told of the error
            log.exception("%s was not made anew", name)
            cache.delete(key)
        finally:
            cache.delete(f"{key}:busy")

    found: Kept | None = cache.get(key)
    if found is not None and found.version == state.version:
        return replace(found, as_of=state.as_of), None  # nothing has changed since
    if found is None or state.as_of - found.as_of > NEAR:
        return made(), None
    return found, work if cache.add(f"{key}:busy", 1, BUSY_SECONDS) else None


def afterwards(response: HttpResponse, work: Work | None) -> HttpResponse:
    """`work` is done by the server when the whole answer has been sent."""
    if work is not None:
        close = response.close

        def close_and_work() -> None:
            close()
            work()

        response.close = close_and_work  # type: ignore[method-assign]
    return response
