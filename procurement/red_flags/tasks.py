"""Tasks of the worker."""

import logging

from celery import shared_task
from django.core.cache import cache
from kombu.exceptions import OperationalError as BrokerError

from core.locks import advisory_lock
from procurement.choices import ProcessingState
from procurement.models import OutsideDataset
from procurement.red_flags import external_data
from procurement.red_flags import services as flag_services

logger = logging.getLogger(__name__)
SOON = 20  # seconds: what is typed in one sitting is looked at once


@shared_task
def raise_flags() -> int:
    """Nightly, and some seconds after packages, offers or contracts have changed."""
    cache.delete("flags-asked")
    with advisory_lock("red-flags") as held:
        return sum(flag_services.run().raised.values()) if held else 0


@shared_task
def take_over_outside(dataset_id: int) -> str:
    """Read a loaded OCDS file and raise the flags on it; one that is ready is left alone."""
    dataset = OutsideDataset.objects.filter(pk=dataset_id).first()
    if dataset is None or dataset.state == ProcessingState.READY:
        return "gone" if dataset is None else dataset.state
    return external_data.take_over(dataset).state


def enqueue_flags() -> None:
    """With the queue away the nightly run does it."""
    if cache.add("flags-asked", 1, timeout=120):
        _send(raise_flags, countdown=SOON)


def enqueue_outside(dataset: OutsideDataset) -> bool:
    return _send(take_over_outside, dataset.pk)


def _send(task: object, *arguments: object, **options: object) -> bool:
    try:
        task.apply_async(arguments, retry=False, **options)  # type: ignore[attr-defined]
    except (BrokerError, OSError) as error:
        logger.warning("queue is away: %s", error)
        return False
    return True
