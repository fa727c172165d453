"""The worker's door for letters."""

from celery import shared_task

from accounts import letters, services


@shared_task
def deliver(sealed: str) -> None:
    """Run twice, it writes twice: better than never."""
    letters.deliver(sealed)


@shared_task
def send_digests() -> int:
    """Every morning; run twice, the second time there is nothing left to write of."""
    return services.send_digests()
