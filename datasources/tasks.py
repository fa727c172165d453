"""Doors for the worker; the work is in services."""

import datetime as dt
import random

import pghistory
from celery import Task, current_app, shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.locks import advisory_lock
from datasources import services
from datasources.choices import UploadState
from datasources.connectors.base import SourceUnavailable
from datasources.models import Pull, Series, Upload

MAX_RETRIES = 4
BUSY_RETRY_SECONDS = 2
STUCK_SECONDS = 900
UPLOAD_DAYS = 14


@shared_task(bind=True, max_retries=MAX_RETRIES)
def pull_series(self: Task, pull_id: int) -> bool:
    """One pull. Retries with back-off and jitter only what may pass; somebody else at the same series means later."""
    series_id = Pull.objects.values_list("series_id", flat=True).filter(pk=pull_id).first()
    if series_id is None:
        return False
    with advisory_lock(f"pull:{series_id}") as held:
        if not held:
            raise self.retry(countdown=BUSY_RETRY_SECONDS, max_retries=None)
        last_attempt = self.request.retries >= MAX_RETRIES
        try:
            with pghistory.context(task="pull_series", pull=pull_id):
                changed = services.carry_out(pull_id, last_attempt=last_attempt)
        except SourceUnavailable as error:
            wait = settings.PULL_RETRY_SECONDS * 2**self.request.retries * random.uniform(0.5, 1.5)  # noqa: S311 (jitter)
            raise self.retry(exc=error, countdown=wait) from error
    if changed:
        for name in settings.AFTER_PULL_TASKS:
            current_app.send_task(name, args=[series_id])
    return changed


@shared_task
def pull_due() -> int:
    """Beat's door: queue a pull for every series whose time has come."""
    due = list(Series.objects.due(timezone.now()).only("pk"))
    for series in due:
        services.request_pull(series=series, by=None)
    return len(due)


@shared_task
def sweep_queued() -> int:
    """Hand over again what waits: the queue was away when it was asked for, or a worker was killed with it."""
    now = timezone.now()
    waiting = list(Pull.objects.waiting().filter(requested_at__lt=now - dt.timedelta(seconds=20)))
    stuck = Pull.objects.filter(state="running", started_at__lt=now - dt.timedelta(seconds=STUCK_SECONDS))
    for pull in [*waiting, *stuck]:
        transaction.on_commit(lambda pk=pull.pk: services.enqueue(pk))  # type: ignore[misc]
    return len(waiting)


@shared_task
def read_upload(upload_id: int) -> None:
    """Read and check an uploaded list."""
    from datasources import uploads

    with advisory_lock(f"upload:{upload_id}") as held, pghistory.context(task="read_upload", upload=upload_id):
        if held:
            uploads.read(upload_id)


@shared_task
def apply_upload(upload_id: int) -> None:
    """Take over a checked list."""
    from datasources import uploads

    with advisory_lock(f"upload:{upload_id}") as held, pghistory.context(task="apply_upload", upload=upload_id):
        if held:
            uploads.apply(upload_id)


@shared_task
def tidy_uploads() -> int:
    """Nightly: lists that nobody took over for two weeks are put aside, their staged rows dropped."""
    from datasources import uploads

    with pghistory.context(task="tidy_uploads"):
        return uploads.put_aside_older_than(timezone.now() - dt.timedelta(days=UPLOAD_DAYS))


@shared_task
def sweep_uploads() -> int:
    """Hand over again what waits: the queue was away, or a worker was lost with it."""
    from datasources import uploads

    now = timezone.now()
    waiting = Upload.objects.filter(state=UploadState.QUEUED, uploaded_at__lt=now - dt.timedelta(seconds=20))
    stuck = Upload.objects.filter(state=UploadState.READING, started_at__lt=now - dt.timedelta(seconds=STUCK_SECONDS))
    for upload in [*waiting, *stuck]:
        uploads.enqueue_reading(upload.pk)
    applying = Upload.objects.filter(state=UploadState.APPLYING)
    for upload in applying:
        uploads.enqueue_applying(upload.pk)
    return len(waiting)
