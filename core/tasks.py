"""Tasks of the worker."""

from celery import shared_task

from core import chain


@shared_task
def seal() -> int:
    """Seal what is not sealed yet; the number of the new block, 0 when there was nothing."""
    block = chain.seal()
    return block.number if block else 0
