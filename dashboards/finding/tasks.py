"""The worker's door."""

from celery import shared_task

from dashboards.finding import vocabulary


@shared_task
def refresh_vocabulary() -> int:
    """Takes in what is new; run twice, the second time there is nothing."""
    return vocabulary.refresh()
