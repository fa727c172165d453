"""Tasks of the worker."""

import pghistory
from celery import shared_task

from datasources.models import Series
from programs.validation import services as validation


@shared_task
def revalidate_series(series_id: int) -> int:
    """After a pull: judge again what is compared with this series."""
    series = Series.objects.filter(pk=series_id).first()
    if series is None:
        return 0
    with pghistory.context(task="revalidate_series", reason="reference figures changed"):
        return validation.revalidate(series=series)


@shared_task
def revalidate_all() -> int:
    """Nightly: whatever a lost message left unchecked."""
    with pghistory.context(task="revalidate_all", reason="nightly check"):
        return validation.revalidate()
