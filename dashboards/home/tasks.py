"""Tasks of the worker."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from dashboards.home import governor, unattended
from programs.reports.years import reporting_year


@shared_task
def tell_unattended() -> int:
    """Every morning, and when a head leaves."""
    return unattended.tell(timezone.localdate())


@shared_task
def render_province(year: int, language: str) -> bool:
    """Somebody was shown a former state of the office's first page."""
    return governor.render_standing(year, timezone.localdate(), language)


@shared_task
def render_office_page() -> bool:
    """After each refresh: how the province stands, as the office opens it, so that nobody waits for it."""
    today = timezone.localdate()
    return governor.render_standing(reporting_year(today), today, settings.LANGUAGE_CODE)
