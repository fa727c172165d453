"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from procurement.declarations import reminders


@shared_task
def remind() -> int:
    """Every morning: who has to declare, who has to decide, who has not declared for the year."""
    return reminders.remind(timezone.localdate())
