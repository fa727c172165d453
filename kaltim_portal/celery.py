"""The Celery application. What follows a pull on higher floors is named in settings.AFTER_PULL_TASKS."""

import os

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaltim_portal.settings")
app = Celery("kaltim_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def close_inherited_connections(**_kwargs: object) -> None:
    """A forked worker must not share its parent's database connection."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.inc_thread_sharing()
        connection.close()
