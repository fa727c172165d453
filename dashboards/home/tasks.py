"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.home import unattended


@shared_task
def tell_unattended() -> int:
    """Every morning, and when a head leaves."""
    return unattended.tell(timezone.localdate())
