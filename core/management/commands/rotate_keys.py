"""Encrypt every stored secret anew under the newest key, after a key was put in front of FIELD_ENCRYPTION_KEYS."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from core import audit
from core.encryption import DecryptionError, decrypt, encrypt
from core.fields import EncryptedTextField
from core.sql import execute

BATCH = 1_000


def encrypted_columns() -> list[tuple[str, str, str]]:
    """(table, key, column) of everything that is stored encrypted, histories included."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        options = model._meta  # noqa: SLF001
        if options.proxy or not options.managed:
            continue
        found += [
            (options.db_table, str(options.pk.column), str(field.column))
            for field in options.local_concrete_fields
            if isinstance(field, EncryptedTextField)
        ]
    return sorted(set(found))


class Command(BaseCommand):
    help = (
        "Encrypt all stored secrets anew under the first key of FIELD_ENCRYPTION_KEYS. Afterwards the older keys "
        "can be "
        "taken out. With --check only say how many values each key opens. Hashes stay: FIELD_HASH_KEY is not "
        "changed by it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for table, key, column in encrypted_columns():
            count = self._column(table, key, column, check=options["check"])
            total += count
            self.stdout.write(f"{table}.{column} {count}")
        for table, key, column, names in settings.ENCRYPTED_IN_JSON:
            count = self._json(table, key, column, names, check=options["check"])
            total += count
            self.stdout.write(f"{table}.{column} {count}")
        if not options["check"]:
            audit.record("keys.rotated", None, by=None, values=total)
        self.stdout.write(self.style.SUCCESS(f"{total} values"))

    def _json(self, table: str, key: str, column: str, names: tuple[str, ...], *, check: bool) -> int:
        """Secrets that a library keeps in a JSON column; few rows, so one transaction."""
        from psycopg2 import sql

        parts = {"table": sql.Identifier(table), "key": sql.Identifier(key), "column": sql.Identifier(column)}
        read = sql.SQL("SELECT {key}, {column}->>%s FROM {table} WHERE {column} ? %s ORDER BY {key} FOR UPDATE")
        write = sql.SQL(
            "UPDATE {table} SET {column} = jsonb_set({column}, ARRAY[%s], to_jsonb(%s::text)) WHERE {key} = %s"
        )
        count = 0
        with transaction.atomic(), connection.cursor() as cursor:
            for name in names:
                execute(cursor, read.format(**parts), [name, name])
                for row, token in cursor.fetchall():
                    count += 1
                    text = self._opened(token, table, row, column)
                    if not check:
                        execute(cursor, write.format(**parts), [name, encrypt(text), row])
        return count

    def _opened(self, token: str, table: str, row: Any, column: str) -> str:
        try:
            return decrypt(token)
        except DecryptionError as error:
            raise CommandError(f"{table} {row}: no key in FIELD_ENCRYPTION_KEYS opens {column}") from error

    def _column(self, table: str, key: str, column: str, *, check: bool) -> int:
        from psycopg2 import sql

        names = {"table": sql.Identifier(table), "key": sql.Identifier(key), "column": sql.Identifier(column)}
        read = sql.SQL(
            "SELECT {key}, {column} FROM {table} WHERE {key} > %s AND {column} <> '' ORDER BY {key} LIMIT %s FOR UPDATE"
        ).format(**names)
        write = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s").format(**names)
        last, count = 0, 0
        while True:
            # A batch is one transaction: a broken run leaves values under either key, and both open.
            with transaction.atomic(), connection.cursor() as cursor:
                execute(cursor, read, [last, BATCH])
                rows = cursor.fetchall()
                for row, token in rows:
                    text = self._opened(token, table, row, column)
                    if not check:
                        execute(cursor, write, [encrypt(text), row])
                count += len(rows)
            if not rows:
                return count
            last = rows[-1][0]
