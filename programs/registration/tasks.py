"""Tasks of the worker."""

from celery import shared_task

from programs.registration import spending


@shared_task
def reclassify_spending() -> int:
    """After a change of the spending rules."""
    return spending.reclassify()
