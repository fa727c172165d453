"""Django's own `migrate`, as the owner of the tables; afterwards the portal's role gets its rights anew."""

from typing import Any

from django.core.management.commands import migrate

from core import audit, database_roles, structure
from core.migration_batches import GroupingExecutor

ONLY_LOOKS = ("check_unapplied", "plan")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = GroupingExecutor  # type: ignore[attr-defined]  # Django's command takes it by that name
        only_looks = any(options.get(name) for name in ONLY_LOOKS)
        with database_roles.as_owner():
            differing = [] if only_looks else structure.differing()
            super().handle(*args, **options)
            if not only_looks:
                database_roles.settle()
            if differing:  # it is on record now: the trail keeps that the migrations had not left it so
                audit.record("structure.differed", None, by=None, parts=", ".join(differing)[:2000])
                self.stderr.write(f"Changed past the migrations: {', '.join(differing)}")
