"""Doors for the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards import directives


@shared_task
def remind_of_directives() -> int:
    """Every morning."""
    return directives.remind(timezone.localdate())
