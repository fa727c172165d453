"""Doors for the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards import agency_page, briefing, directives, summaries, views, warning_services
from dashboards.narrowing import Narrowing


@shared_task
def remind_of_directives() -> int:
    """Every morning."""
    return directives.remind(timezone.localdate())


@shared_task
def refresh_summaries() -> int:
    """Every minute: what the triggers noted; and what most readers will ask for, so that none waits for it."""
    made_anew, today = summaries.refresh(), timezone.localdate()
    if made_anew:
        agency_page.kept(summaries.state().version, today.year, today)
        _part, work = views.overview_part(briefing.office_view(), Narrowing(today.year), views.MEASURES[0], today)
        if work is not None:
            work()
    return made_anew


@shared_task
def refresh_all_summaries() -> int:
    """Every night: a new day makes quarters due."""
    return summaries.refresh_everything()


@shared_task
def raise_warnings() -> int:
    """Every morning, after the nightly checks: this year's warnings, and last year's proof."""
    today = timezone.localdate()
    new, _closed = warning_services.raise_warnings(today.year, today)
    warning_services.prove(today.year - 1, today)
    warning_services.digest(today)
    return new


@shared_task
def issue_briefing() -> bool:
    """Every morning; on the weekday of the briefing it is issued."""
    today = timezone.localdate()
    if not briefing.is_due(today):
        return False
    briefing.issue(year=today.year, today=today, by=None)
    return True
