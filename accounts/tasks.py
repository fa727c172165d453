"""The worker's doors for letters and drafts."""

from celery import shared_task

from accounts import letters, services
from accounts.drafts import services as drafts


@shared_task
def deliver(sealed: str) -> None:
    """Run twice, it writes twice: better than never."""
    letters.deliver(sealed)


@shared_task
def forget_drafts() -> int:
    """Drafts of forms that nobody came back for, and of people who left; how many."""
    return drafts.forget()


@shared_task
def send_digests() -> int:
    """Every morning; run twice, the second time there is nothing left to write of."""
    return services.send_digests()
