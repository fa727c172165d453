"""When a head leaves, the next in line hears of the waiting papers at once and not the next morning."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import Membership, User
from core import queue
from core.choices import Role

TASK = "dashboards.home.tasks.tell_unattended"


@receiver(post_save, sender=User)
def account_closed(instance: User, **_kwargs: Any) -> None:
    if not instance.is_active:
        queue.send_after_commit(TASK)


@receiver(post_delete, sender=Membership)
def membership_ended(instance: Membership, **_kwargs: Any) -> None:
    if instance.role == Role.AGENCY_HEAD:
        queue.send_after_commit(TASK)
