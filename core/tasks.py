"""Tasks of the worker."""

from celery import shared_task

from core import chain, form_keys


@shared_task
def seal() -> int:
    """Seal what is not sealed yet; the number of the new block, 0 when there was nothing."""
    block = chain.seal()
    return block.number if block else 0


@shared_task
def forget_form_answers() -> int:
    """Answers to forms that nobody sends again; how many."""
    return form_keys.forget_answers()
