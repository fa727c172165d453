"""Worlds that are made once for all tests of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def kept_for_a_module(blocker: Any) -> Iterator[None]:
    """What is made inside stays while the module's tests run, each in a transaction of its own inside this one, and is
    taken back at the end. `blocker` is pytest-django's."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
