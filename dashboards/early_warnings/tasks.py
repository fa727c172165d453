"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.early_warnings import back_tests
from dashboards.early_warnings import services as warning_services
from programs.reports.years import reporting_year


@shared_task
def back_test_forecasts() -> int:
    """Every night: how the forecasts do on years whose end is known, for the page of the hit rates."""
    return back_tests.work_out(timezone.localdate().year)


@shared_task
def raise_warnings() -> int:
    """Every morning, after the nightly checks: the warnings of this year, of the last one too while that is the newest
    that reports, and last year's proof."""
    today = timezone.localdate()
    new = 0
    for year in sorted({reporting_year(today), today.year}):
        raised, _closed = warning_services.raise_warnings(year, today)
        new += raised
    warning_services.prove(today.year - 1, today)
    warning_services.digest(today)
    return new
