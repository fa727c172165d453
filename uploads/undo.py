"""Taking back what a list wrote: every column as it was, while nothing else has touched the rows.

While a list is taken over, triggers keep each row before and after it (`uploads_change`, migration 0003). Budget lines,
of which there are hundreds of thousands, are kept in versions of their own: their kind takes itself back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Identifier

from core.sql import execute, statements
from uploads.models import Upload

STATEMENTS = statements("undo.sql", beside=__file__)


@contextmanager
def remembering(upload: Upload) -> Iterator[None]:
    """Within the block, in a transaction, triggers keep what is written as the upload's."""
    _tell_triggers(str(upload.pk))
    yield
    _tell_triggers("")  # where an error ends the block, it ends the transaction and with it the setting


def _tell_triggers(upload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.upload', %s, true)", [upload])


def take_back(upload: Upload) -> None:
    """Within the caller's transaction. Raises ValidationError, and leaves everything, where something else has touched
    the rows, or where they are evidence."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STATEMENTS["tables"], {"upload": upload.pk})
            names = [name for (name,) in cursor.fetchall()]
            for name in names:
                _refuse_touched(cursor, upload, name)
            # Triggers tie whoever takes it back to what that changes (accounts_hands_of_the_list).
            cursor.execute("SELECT set_config('portal.taken_back', %s, true)", [str(upload.pk)])
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for name in names:
                _restore(cursor, upload, name)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('portal.taken_back', '', true)")
    except DatabaseError as error:
        raise ValidationError(
            _("It can't be taken back: other records refer to its rows, or they are evidence by now.")
        ) from error


def _refuse_touched(cursor: Any, upload: Upload, name: str) -> None:
    table = SQL(STATEMENTS["touched"]).format(table=Identifier(name))
    execute(cursor, table, {"upload": upload.pk, "name": name, "derived": _derived(name)})
    count = cursor.fetchone()[0]
    if count:
        raise ValidationError(
            _("It can't be taken back: %(count)s of its rows were changed meanwhile (%(table)s).")
            % {"count": count, "table": _model(name)._meta.verbose_name_plural}  # noqa: SLF001 (Django's public-by-use API)
        )


def _restore(cursor: Any, upload: Upload, name: str) -> None:
    values = {"upload": upload.pk, "name": name}
    cursor.execute(STATEMENTS["columns"], values)
    columns = [Identifier(column) for (column,) in cursor.fetchall()]
    parts = {
        "table": Identifier(name),
        "first": SQL(STATEMENTS["first"]),
        "columns": SQL(", ").join(columns),
    }
    execute(cursor, SQL(STATEMENTS["take_out"]).format(**parts), values)
    execute(cursor, SQL(STATEMENTS["put_back"]).format(**parts), values)


def _model(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)  # noqa: SLF001


def _derived(table: str) -> list[str]:
    """Columns without a history: what the portal works out by itself (flags, checks, keys of names)."""
    model = _model(table)
    events = getattr(model, "pgh_event_model", None)
    if events is None:
        return []
    kept = {field.column for field in events._meta.concrete_fields}  # noqa: SLF001
    return sorted(field.column for field in model._meta.concrete_fields if field.column and field.column not in kept)  # noqa: SLF001
