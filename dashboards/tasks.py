"""Doors for the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards import directives, summaries


@shared_task
def remind_of_directives() -> int:
    """Every morning."""
    return directives.remind(timezone.localdate())


@shared_task
def refresh_summaries() -> int:
    """Every minute: what the triggers noted."""
    return summaries.refresh()


@shared_task
def refresh_all_summaries() -> int:
    """Every night: a new day makes quarters due."""
    return summaries.refresh_everything()
