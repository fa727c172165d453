"""Django's own `createsuperuser`; the history says where the account came from (core.chain looks for that)."""

from typing import Any

import pghistory
from django.contrib.auth.management.commands import createsuperuser


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with pghistory.context(task="createsuperuser"):
            super().handle(*args, **options)
