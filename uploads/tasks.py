"""Tasks of the worker; the work is in services."""

import datetime as dt

import pghistory
from celery import shared_task
from django.utils import timezone

from core.locks import advisory_lock
from core.long_work import ends_its_row
from uploads import permissions, services
from uploads.choices import UploadState
from uploads.models import Upload

STUCK_SECONDS = 900
UPLOAD_DAYS = 14


@shared_task
@ends_its_row(services.end)
def read_upload(upload_id: int) -> None:
    """Read and check an uploaded list."""
    with advisory_lock(f"upload:{upload_id}") as held, pghistory.context(task="read_upload", upload=upload_id):
        if held:
            services.read(upload_id)


@shared_task
@ends_its_row(services.end)
def apply_upload(upload_id: int) -> None:
    """Take over a checked list."""
    with advisory_lock(f"upload:{upload_id}") as held, pghistory.context(task="apply_upload", upload=upload_id):
        if held:
            services.apply(upload_id)


@shared_task
@ends_its_row(services.end)
def undo_upload(upload_id: int) -> None:
    """Take back what a list wrote."""
    with advisory_lock(f"upload:{upload_id}") as held, pghistory.context(task="undo_upload", upload=upload_id):
        if held:
            services.take_back(upload_id)


@shared_task
def tidy_uploads() -> int:
    """Nightly: lists that nobody took over for two weeks are put aside, their staged rows dropped; what older ones
    changed is forgotten."""
    services.forget_changes_before(timezone.now() - permissions.UNDO_FOR)
    with pghistory.context(task="tidy_uploads"):
        return services.put_aside_older_than(timezone.now() - dt.timedelta(days=UPLOAD_DAYS))


@shared_task
def sweep_uploads() -> int:
    """Hand over again what waits: the queue was away, or a worker was lost with it."""
    now = timezone.now()
    waiting = Upload.objects.filter(state=UploadState.QUEUED, uploaded_at__lt=now - dt.timedelta(seconds=20))
    stuck = Upload.objects.filter(state=UploadState.READING, started_at__lt=now - dt.timedelta(seconds=STUCK_SECONDS))
    for upload in [*waiting, *stuck]:
        services.enqueue_reading(upload.pk)
    for upload in Upload.objects.filter(state=UploadState.UNDOING):
        services.enqueue_undoing(upload.pk)
    applying = Upload.objects.filter(state=UploadState.APPLYING)
    for upload in applying:
        services.enqueue_applying(upload.pk)
    return len(waiting)
