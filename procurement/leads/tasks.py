"""Tasks of the worker."""

from celery import shared_task

from procurement.leads import matching


@shared_task
def find_leads(people: list[int] | None = None, suppliers: list[int] | None = None) -> int:
    """Everything nightly; after a change only what it touches."""
    return matching.match(people=people, suppliers=suppliers).leads
