"""Rendered parts of pages, cached for as long as the summaries keep their version. The worker renders them anew.

After a refresh of the summaries the worker renders what readers asked for lately. Whoever comes before it has done so
sees the former state, stamped with its own time, and the worker is asked once more. Only a part that is not there, or
is too old to be shown, is rendered while its reader waits; nothing is ever rendered inside somebody else's answer.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

from dashboards.models import SummaryState

FRAGMENT_SECONDS = 900
ASK_AGAIN_SECONDS = 20  # after which a worker who died at it no longer holds the next one off
NOTE_AGAIN_SECONDS = 60
MOST_SHOWN_AGE = dt.timedelta(minutes=2)  # how much older than the newest summaries a fragment may be
MOST_WANTED = 50
WANTED_KEY = "fragments:wanted"
Arguments = dict[str, Any]


@dataclass(frozen=True)
class CachedFragment:
    """`html` shows the summaries of `version`, as of `as_of`."""

    version: int
    as_of: dt.datetime
    html: str

    @property
    def shown(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 (what Django's templates made)


def cached_fragment(
    name: str, state: SummaryState, render: Callable[[], str], ask_worker: Callable[[], object]
) -> CachedFragment:
    """What a reader is shown. `name` says everything but the version that it depends on: filters, roles, day,
    language."""
    found: CachedFragment | None = cache.get(_key(name))
    if found is not None and found.version == state.version:
        return replace(found, as_of=state.as_of)  # nothing has changed since
    if found is None or state.as_of - found.as_of > MOST_SHOWN_AGE:
        return _render(name, state, render)
    if cache.add(_asked_key(name), 1, ASK_AGAIN_SECONDS):
        ask_worker()
    return found


def render_again(name: str, state: SummaryState, render: Callable[[], str]) -> bool:
    """For the worker: render it, unless it is there in this version. Returns whether it was rendered."""
    found: CachedFragment | None = cache.get(_key(name))
    if found is not None and found.version == state.version:
        return False
    _render(name, state, render)
    return True


def _render(name: str, state: SummaryState, render: Callable[[], str]) -> CachedFragment:
    made = CachedFragment(state.version, state.as_of, render())
    cache.set(_key(name), made, FRAGMENT_SECONDS)
    cache.delete(_asked_key(name))
    return made


def _key(name: str) -> str:
    return f"fragment:{name}"


def _asked_key(name: str) -> str:
    return f"fragment-asked:{name}"


def note_wanted(name: str, arguments: Arguments) -> None:
    """Somebody reads it: the worker renders it after the next refresh. `arguments` are what it renders it from, as
    JSON.

    Two readers at once may overwrite each other's note; the next look at the page notes it again.
    """
    wanted: dict[str, tuple[float, Arguments]] = cache.get(WANTED_KEY) or {}
    now = time.time()
    if name in wanted and now - wanted[name][0] < NOTE_AGAIN_SECONDS:
        return
    recent = {key: each for key, each in wanted.items() if key != name and now - each[0] < FRAGMENT_SECONDS}
    newest = sorted(recent, key=lambda key: recent[key][0], reverse=True)[: MOST_WANTED - 1]
    cache.set(WANTED_KEY, {name: (now, arguments)} | {key: recent[key] for key in newest}, FRAGMENT_SECONDS)


def wanted_fragments() -> list[Arguments]:
    """What was read within the last quarter of an hour, what was noted last first."""
    wanted: dict[str, tuple[float, Arguments]] = cache.get(WANTED_KEY) or {}
    oldest = time.time() - FRAGMENT_SECONDS
    noted = sorted(wanted.values(), key=lambda each: each[0], reverse=True)
    return [arguments for at, arguments in noted if at >= oldest]
