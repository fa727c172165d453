"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.directives import services as directive_services


@shared_task
def remind_of_directives() -> int:
    """Every morning."""
    return directive_services.remind(timezone.localdate())
