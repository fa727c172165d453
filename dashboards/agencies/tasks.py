"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.agencies import figures
from dashboards.models import SummaryState


@shared_task
def compute_measures() -> int:
    """After each refresh: this year's measures of every OPD, so that no reader waits for them. Returns how many."""
    today = timezone.localdate()
    return len(figures.cached_measures(SummaryState.current().version, today.year, today))
