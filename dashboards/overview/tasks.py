"""Tasks of the worker."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.choices import Role
from dashboards.filters import DashboardFilter
from dashboards.fragment_cache import Arguments, wanted_fragments
from dashboards.models import SummaryState
from dashboards.overview.presenters import OverviewRequest, render_for_readers
from dashboards.overview.tabs import FIRST, MEASURES
from programs.reports.years import reporting_year


@shared_task
def render_overview(arguments: Arguments) -> bool:
    """Somebody was shown a former state."""
    return render_for_readers(OverviewRequest.from_arguments(arguments), SummaryState.current(), timezone.localdate())


@shared_task
def render_wanted_overviews() -> int:
    """After each refresh: the page as the office opens it, and what readers asked for lately, so that none waits for
    it."""
    today = timezone.localdate()
    year = reporting_year(today)
    opened = OverviewRequest(
        DashboardFilter(year), FIRST, MEASURES[0], (Role.GOVERNORS_OFFICE,), settings.LANGUAGE_CODE
    )
    wanted = [opened, *(OverviewRequest.from_arguments(each) for each in wanted_fragments())]
    return sum(render_for_readers(each, SummaryState.current(), today) for each in dict.fromkeys(wanted))
