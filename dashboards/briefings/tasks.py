"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.briefings import composition as briefing_composition


@shared_task
def issue_briefing() -> bool:
    """Every morning; on the weekday of the briefing it is issued."""
    today = timezone.localdate()
    if not briefing_composition.is_due(today):
        return False
    briefing_composition.issue(year=today.year, today=today, by=None)
    return True
