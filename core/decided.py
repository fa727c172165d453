"""Somebody else was faster with a decision: who it was, when, and what it became.

A check of what somebody may do raises `AlreadyDecided`; no view catches it. `core.middleware.decided_elsewhere` answers
with a page that says so and repeats what was typed, which no form of a matter that is decided could show.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.formats import moment


class AlreadyDecided(Exception):  # noqa: N818 (a state of affairs, answered with a page, not a fault)
    """The matter has left the state in which this person could decide on it."""

    def __init__(self, state: Any, who: Any = None, at: dt.datetime | None = None) -> None:
        super().__init__(already(state, who, at))


def already(state: Any, who: Any = None, at: dt.datetime | None = None) -> str:
    """“Sudah disetujui oleh Surya Pranata pada 27 November 2026 10.15 WITA.”"""
    words = {"state": state, "who": who, "at": moment(at)}
    if who and at:
        return _("Already %(state)s by %(who)s on %(at)s.") % words
    if who:
        return _("Already %(state)s by %(who)s.") % words
    if at:
        return _("Already %(state)s on %(at)s.") % words
    return _("Already %(state)s.") % words
