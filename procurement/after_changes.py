"""What follows a change of packages, offers, contracts, declarations or suppliers, in the background after the commit.

With the queue away the nightly runs do it.
"""

from django.core.cache import cache
from django.db import transaction

from core import queue

SOON = 20  # seconds: what is typed in one sitting is looked at once
ASKED_KEY, ASKED_FOR = "flags-asked", 120  # seconds


def raise_flags_soon() -> None:
    def ask() -> None:
        if cache.add(ASKED_KEY, 1, timeout=ASKED_FOR):
            queue.send("procurement.red_flags.tasks.raise_flags", countdown=SOON)

    transaction.on_commit(ask)


def flags_are_raised() -> None:
    """The run has begun: a change from here on asks for another."""
    cache.delete(ASKED_KEY)


def find_leads_soon(*, people: list[int] | None = None, suppliers: list[int] | None = None) -> None:
    """Only what these people or suppliers touch is looked at."""
    queue.send_after_commit("procurement.leads.tasks.find_leads", people, suppliers)
