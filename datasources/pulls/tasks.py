"""Tasks of the worker; the work is in services."""

import datetime as dt
import random

import pghistory
from celery import Task, shared_task
from django.conf import settings

from core import queue
from core.locks import advisory_lock, first_free_lock
from datasources.connectors.base import SourceUnavailable
from datasources.models import Pull, Series
from datasources.pulls import services as pulls

MAX_RETRIES = 4
BUSY_RETRY_SECONDS = 2
STUCK_SECONDS = 900


@shared_task(bind=True, max_retries=None)
def pull_series(self: Task, pull_id: int) -> bool:
    """One pull. Retries with back-off and jitter only what may pass; somebody else at the same series means later.

    At most `PULLS_PER_SOURCE` at once ask the same source, however many workers there are.
    """
    found = Pull.objects.values_list("series_id", "series__source_id", "attempts").filter(pk=pull_id).first()
    if found is None:
        return False
    series_id, source_id, attempts = found
    places = [f"source:{source_id}:{place}" for place in range(settings.PULLS_PER_SOURCE)]
    with advisory_lock(f"pull:{series_id}") as held, first_free_lock(places) as has_place:
        if not held or not has_place:
            raise self.retry(countdown=BUSY_RETRY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 (jitter)
        last_attempt = attempts >= MAX_RETRIES
        try:
            with pghistory.context(task="pull_series", pull=pull_id):
                changed = pulls.carry_out(pull_id, last_attempt=last_attempt)
        except SourceUnavailable as error:
            wait = settings.PULL_RETRY_SECONDS * 2**attempts * random.uniform(0.5, 1.5)  # noqa: S311 (jitter)
            raise self.retry(exc=error, countdown=max(wait, error.wait or 0)) from error
    if changed:
        after_change(series_id)
    return changed


@shared_task
def after_change(series_id: int) -> None:
    """Those who compare with the series look again; series that are worked out from it are worked out anew."""
    for name in settings.AFTER_PULL_TASKS:
        queue.send(name, series_id)  # with the queue away the nightly run judges them again
    for derived in Series.objects.active().filter(parts=series_id, held_since__isnull=True):
        pulls.request_pull(series=derived, by=None)


@shared_task
def pull_due() -> int:
    """Beat's door: queue a pull for every series whose time has come."""
    return pulls.request_due()


@shared_task
def sweep_queued() -> int:
    """Hand over again what waits: the queue was away when it was asked for, or a worker was killed with it."""
    return pulls.hand_over(
        waited=dt.timedelta(seconds=settings.PULL_SWEEP_SECONDS / 3),
        stuck=dt.timedelta(seconds=settings.PULL_STUCK_SECONDS),
    )


@shared_task
def tell_stale() -> int:
    """Tell the stewards about series whose figures have become too old."""
    return pulls.tell_stale()
