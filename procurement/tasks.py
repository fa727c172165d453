"""Doors for the worker."""

import logging

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from core.locks import advisory_lock
from procurement import flagging, issuing, matching, outside, reminding, retaining
from procurement.models import AuditExport, OutsideDataset

logger = logging.getLogger(__name__)
SOON = 20  # seconds: what is typed in one sitting is looked at once


@shared_task
def raise_flags() -> int:
    """Nightly, and some seconds after packages, offers or contracts have changed."""
    cache.delete("flags-asked")
    with advisory_lock("red-flags") as held:
        return sum(flagging.run().raised.values()) if held else 0


@shared_task
def find_leads(people: list[int] | None = None, suppliers: list[int] | None = None) -> int:
    """Everything nightly; after a change only what it touches."""
    return matching.match(people=people, suppliers=suppliers).leads


@shared_task
def issue(export_id: int) -> str:
    """Make an auditor's file; one that is made already is left alone."""
    export = AuditExport.objects.select_related("made_by").get(pk=export_id)
    if export.state not in {"waiting", "running"}:
        return export.state
    return issuing.make_and_keep(export).state


@shared_task
def remind() -> int:
    """Every morning: who has to declare, who has to decide, who has not declared for the year."""
    return reminding.remind(timezone.localdate())


@shared_task
def take_over_outside(dataset_id: int) -> str:
    """Read a loaded OCDS file and raise the flags on it; one that is ready is left alone."""
    dataset = OutsideDataset.objects.filter(pk=dataset_id).first()
    if dataset is None or dataset.state == "ready":
        return "gone" if dataset is None else dataset.state
    return outside.take_over(dataset).state


@shared_task
def forget() -> dict[str, int]:
    """Nightly: personal data whose time is over."""
    return retaining.forget(timezone.localdate())


def enqueue_flags() -> None:
    """With the queue away the nightly run does it."""
    if cache.add("flags-asked", 1, timeout=120):
        _send(raise_flags, countdown=SOON)


def enqueue_issue(export: AuditExport) -> bool:
    return _send(issue, export.pk)


def enqueue_outside(dataset: OutsideDataset) -> bool:
    return _send(take_over_outside, dataset.pk)


def enqueue_leads(*, people: list[int] | None = None, suppliers: list[int] | None = None) -> None:
    _send(find_leads, people, suppliers)


def _send(task: object, *arguments: object, **options: object) -> bool:
    try:
        task.apply_async(arguments, retry=False, **options)  # type: ignore[attr-defined]
    except (BrokerError, OSError) as error:
        logger.warning("queue is away: %s", error)
        return False
    return True
