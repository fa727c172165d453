"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.lights import services


@shared_task
def keep_lights() -> int:
    """Every morning: the week's last word is what the next Monday is compared with."""
    return services.keep(timezone.localdate())
