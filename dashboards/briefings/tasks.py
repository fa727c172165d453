"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.briefings import services
from programs.reports.years import reporting_year


@shared_task
def issue_briefing() -> bool:
    """Every morning; on the weekday of the briefing it is issued."""
    today = timezone.localdate()
    if not services.is_due(today):
        return False
    services.issue(year=reporting_year(today), today=today, by=None)
    return True
