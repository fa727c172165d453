"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.agencies import figures as agency_figures
from dashboards.briefings import composition as briefing_composition
from dashboards.filters import DashboardFilter
from dashboards.overview import views as overview_views
from dashboards.summaries import refresh as summaries


@shared_task
def refresh_summaries() -> int:
    """Every minute: what the triggers noted; and what most readers will ask for, so that none waits for it."""
    made_anew, today = summaries.refresh(), timezone.localdate()
    if made_anew:
        agency_figures.kept(summaries.state().version, today.year, today)
        _part, work = overview_views.overview_part(
            briefing_composition.office_view(), DashboardFilter(today.year), overview_views.MEASURES[0], today
        )
        if work is not None:
            work()
    return made_anew


@shared_task
def refresh_all_summaries() -> int:
    """Every night: a new day makes quarters due."""
    return summaries.refresh_everything()
