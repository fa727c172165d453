"""Tasks of the worker."""

from celery import shared_task
from django.utils import timezone

from procurement.privacy import retention


@shared_task
def forget() -> dict[str, int]:
    """Nightly: personal data whose time is over."""
    return retention.forget(timezone.localdate())
