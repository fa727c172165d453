"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from dashboards.early_warnings import back_tests
from dashboards.early_warnings import services as warning_services


@shared_task
def back_test_forecasts() -> int:
    """Every night: how the forecasts do on years whose end is known, for the page of the hit rates."""
    return back_tests.work_out(timezone.localdate().year)


@shared_task
def raise_warnings() -> int:
    """Every morning, after the nightly checks: this year's warnings, and last year's proof."""
    today = timezone.localdate()
    new, _closed = warning_services.raise_warnings(today.year, today)
    warning_services.prove(today.year - 1, today)
    warning_services.digest(today)
    return new
