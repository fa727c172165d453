"""Tasks of the worker."""

import pghistory
from celery import shared_task

from core.locks import advisory_lock
from core.long_work import ends_its_row
from datasources.catalogue import services as catalogue


@shared_task
@ends_its_row(catalogue.end)
def refresh_catalogue(source_id: int, domain: str = "") -> int:
    """Read what a source offers."""
    with advisory_lock(f"catalogue:{source_id}") as held, pghistory.context(task="refresh_catalogue"):
        return catalogue.refresh(source_id, domain) if held else 0
