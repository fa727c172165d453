"""Advisory locks of PostgreSQL: released by leaving the block, by an exception, and by a lost connection; the one that
is waited for by the end of the transaction."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection


def lock_number(name: str) -> int:
    """A stable signed 64-bit number for a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextmanager
def advisory_lock(name: str) -> Iterator[bool]:
    """Hold the session lock `name`; yields False at once when somebody else holds it.

    A session lock needs a session of its own: do not put PgBouncer in transaction mode between worker and database.
    """
    number = lock_number(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def wait_for_lock(name: str) -> None:
    """Hold the lock `name` until the transaction ends. Waits as long as a statement may take (then OperationalError),
    not only as long as for a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(%s); SET LOCAL lock_timeout TO DEFAULT",
            [lock_number(name)],
        )


@contextmanager
def first_free_lock(names: Iterable[str]) -> Iterator[bool]:
    """Hold the first of the locks that is free; yields False when none is."""
    with ExitStack() as stack:
        yield any(stack.enter_context(advisory_lock(name)) for name in names)
