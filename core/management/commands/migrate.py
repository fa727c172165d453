"""Django's own `migrate`, as the owner of the tables; afterwards the portal's role gets its rights anew."""

from typing import Any

from django.core.management.commands import migrate

from core import database_roles
from core.migration_batches import GroupingExecutor

ONLY_LOOKS = ("check_unapplied", "plan")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = GroupingExecutor  # type: ignore[attr-defined]  # Django's command takes it by that name
        with database_roles.as_owner():
            super().handle(*args, **options)
            if not any(options.get(name) for name in ONLY_LOOKS):
                database_roles.settle()
