"""The one way to the worker: a task by its name, tried once, and never an error when the queue is away.

Whoever asks first leaves a row that says what waits, so that nothing asked for is lost with a message: the page shows
it waiting, and it can be asked for again. Tasks are named as text, so that services need not import the tasks that call
them.
"""

import logging
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

logger = logging.getLogger(__name__)


def send(task: str, *arguments: Any, priority: int | None = None, countdown: float | None = None) -> bool:
    """Hand over now; False when the queue is away. `countdown` is in seconds; a low `priority` goes first."""
    try:
        current_app.send_task(task, args=arguments, retry=False, priority=priority, countdown=countdown)
    except (BrokerError, OSError) as error:
        logger.warning("queue is away, %s%r waits: %s", task, arguments, error)
        return False
    return True


def send_after_commit(task: str, *arguments: Any, if_away: Callable[[], object] | None = None, **options: Any) -> None:
    """Hand over once the transaction holds, so that the worker finds what it is told of; `if_away` says what then."""

    def hand_over() -> None:
        if not send(task, *arguments, **options) and if_away is not None:
            if_away()

    transaction.on_commit(hand_over)
