"""The Celery application. What follows a pull on higher floors is named in settings.AFTER_PULL_TASKS."""

import os
from pathlib import Path

from celery import Celery
from celery.signals import task_failure, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaltim_portal.settings")
app = Celery("kaltim_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
HOUSE = Path(__file__).resolve().parent.parent
# Each subject has its own tasks: every folder of an app that holds a tasks.py.
app.autodiscover_tasks(
    [
        ".".join(module.relative_to(HOUSE).parts[:-1])
        for app_folder in HOUSE.glob("*/__init__.py")
        for module in sorted(app_folder.parent.rglob("tasks.py"))
    ]
)


@worker_process_init.connect
def close_inherited_connections(**_kwargs: object) -> None:
    """A forked worker must not share its parent's database connection."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.inc_thread_sharing()
        connection.close()


@task_failure.connect
def tell_of_full_disk(exception: BaseException, **_kwargs: object) -> None:
    """What waits has a row and is handed over again; somebody has to make room meanwhile."""
    from core import errors

    if errors.is_disk_full(exception):
        errors.tell_of_full_disk()
