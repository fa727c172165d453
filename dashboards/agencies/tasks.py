"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.agencies import figures
from dashboards.models import SummaryState
from programs.reports.years import reporting_year


@shared_task
def compute_measures() -> int:
    """After each refresh: the measures of every OPD in the year that pages open on, so that no reader waits for them.
    Returns how many."""
    today = timezone.localdate()
    return len(figures.cached_measures(SummaryState.current().version, reporting_year(today), today))
