"""Two roles of PostgreSQL: the owner makes tables, the portal's own role works with them and owns nothing.

So whoever gets at the portal's password (or has it run a statement) can't empty a table, change or switch off a
trigger, or rewrite what is only ever added to: PostgreSQL refuses. `manage.py migrate` becomes the owner and, when it
is done, says again what the portal's role may do, so that new tables are covered.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg2.sql import SQL, Identifier

from core import structure
from core.sql import execute, statements

STATEMENTS = statements("database_roles.sql", beside=__file__)
OF_A_ROLE = ("USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block this process is connected as the owner. Without DATABASE_OWNER_URL it stays who it is."""
    if not settings.DATABASE_OWNER:
        yield
        return
    if connection.in_atomic_block:
        raise ImproperlyConfigured("the role cannot change within a transaction")
    portal = {name: connection.settings_dict[name] for name in OF_A_ROLE}
    connection.close()
    connection.settings_dict.update({name: settings.DATABASE_OWNER.get(name, "") for name in OF_A_ROLE})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(portal)


def append_only_tables() -> list[str]:
    """Tables whose trigger refuses both UPDATE and DELETE: the trail, the chain, histories, decisions."""
    return sorted(
        {
            model._meta.db_table  # noqa: SLF001
            for model in apps.get_models(include_auto_created=True)
            for trigger in getattr(model._meta, "triggers", [])  # noqa: SLF001
            if isinstance(trigger, pgtrigger.Protect) and str(trigger.operation) == "UPDATE OR DELETE"
        }
    )


@transaction.atomic
def settle() -> None:
    """As the owner, after migrations: what the portal's role may do, and triggers that nobody can get around."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
        cursor.execute(STATEMENTS["nothing_is_ignored"])
        cursor.execute(STATEMENTS["trigger_functions"])
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} SET search_path = public, pg_temp")
        cursor.execute(STATEMENTS["staged_before"])
        for (table,) in cursor.fetchall():
            execute(cursor, SQL("DROP TABLE {}").format(Identifier(table)))
        runtime = settings.DATABASE_ROLE
        names = {"runtime": Identifier(runtime), "staging": Identifier(settings.STAGING_SCHEMA)}
        structure.record()
        if runtime == owner:  # one role for both: tests on somebody else's server, a first look
            execute(cursor, SQL("CREATE SCHEMA IF NOT EXISTS {staging}").format(**names))
            return
        execute(cursor, SQL(STATEMENTS["grants"]).format(**names))
        for table in append_only_tables():
            execute(cursor, SQL(STATEMENTS["append_only"]).format(table=Identifier(table), **names))
        cursor.execute(STATEMENTS["kept_by_triggers"])
        for (table,) in cursor.fetchall():
            execute(cursor, SQL(STATEMENTS["read_only"]).format(table=Identifier(table), **names))


def excess_rights() -> list[str]:
    """In words for an administrator: what the role of this connection may do though it must not. Empty is well."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS["standing"])
        role, is_super, makes_roles, is_special, owns, may_create = cursor.fetchone()
        found = [
            name
            for name, has in (
                ("SUPERUSER", is_super),
                ("CREATEROLE", makes_roles),
                ("REPLICATION", is_special),
                ("OWNER", owns),
                ("CREATE", may_create),
            )
            if has
        ]
        if not is_super:
            cursor.execute(STATEMENTS["excess"], {"append_only": append_only_tables()})
            found += [f"{right} ({tables})" for right, tables in cursor.fetchall()]
    return [f"{role}: {each}" for each in found]
