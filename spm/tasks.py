"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from core.locks import advisory_lock
from spm import index_store, target_forecast


@shared_task
def recompute_index() -> int:
    """The whole index: after a change of services, elements, weights; and nightly, for what a lost message left
    undone."""
    with advisory_lock("spm-index") as held:
        return index_store.recompute_all() if held else 0


@shared_task
def warn_ahead() -> int:
    """Every morning: services that will miss their target by the end of the year."""
    return target_forecast.warn(timezone.localdate().year)
