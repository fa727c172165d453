"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from programs.reports import reminders


@shared_task
def send_reminders() -> int:
    """Every morning: what is due, what is late, what waits for a decision."""
    return reminders.send_reminders(timezone.localdate())
