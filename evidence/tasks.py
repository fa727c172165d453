"""Tasks of the worker. Each may run twice: a second run finds what the first has done."""

from celery import shared_task

from accounts.models import User
from evidence import services
from evidence.signatures import services as signatures


@shared_task
def send_head() -> int:
    """Get today's seal out of the house by the ways that haven't worked yet; how many were tried."""
    return len(services.send_head())


@shared_task
def verify(asked_by: int | None = None) -> int:
    """Verify the hash chain and keep the answer; the number of findings."""
    return services.verify(User.objects.filter(pk=asked_by).first() if asked_by else None).finding_count


@shared_task
def give_up_on_lost_signatures() -> int:
    """Papers that were sent to be signed when their process died; how many."""
    return signatures.give_up_on_lost()
