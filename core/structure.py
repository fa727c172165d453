"""The structure of the database as the migrations left it: what the rules in it say, and not only that they are there.

A trigger whose function does nothing any more still bears its name, and a view may call everybody cleared. So each
table with its columns, constraints, triggers and rules, each view and each function has a digest under the chain's key,
kept when the migrations are done and compared by `verify_chain`. Who owns the tables can change both, and has no key.
"""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.chain import ChainFinding, keyed
from core.models import StructurePart
from core.sql import statements

STATEMENTS = statements("structure.sql", beside=__file__)


def findings() -> list[ChainFinding]:
    """One for each part that was changed, made or taken away past the migrations."""
    kept = dict(StructurePart.objects.values_list("name", "digest"))
    if not kept:
        what = _("is not on record: nothing was recorded yet, or the record was removed")
        return [ChainFinding(_("structure of the database"), None, what)]
    there = _digests()
    return [ChainFinding(name, None, _what(name, kept, there)) for name in _differing(kept, there)]


def _what(name: str, kept: dict[str, str], there: dict[str, str]) -> str:
    if name not in there:
        return _("is gone from the database, though no migration took it away")
    if name not in kept:
        return _("stands in the database, though no migration made it")
    return _("is defined otherwise than the migrations left it")


def differing() -> list[str]:
    """The names of what is otherwise than on record; none where there is no record."""
    if StructurePart._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001 (Django's public-by-use API)
        return []
    kept = dict(StructurePart.objects.values_list("name", "digest"))
    return _differing(kept, _digests()) if kept else []


@transaction.atomic
def record() -> None:
    """As the owner, when the migrations are done."""
    StructurePart.objects.all().delete()
    StructurePart.objects.bulk_create(StructurePart(name=name, digest=digest) for name, digest in _digests().items())


def _differing(kept: dict[str, str], there: dict[str, str]) -> list[str]:
    return sorted(name for name in kept.keys() | there.keys() if kept.get(name) != there.get(name))


def _digests() -> dict[str, str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # moments in a definition are shown in it
        cursor.execute("SET LOCAL search_path = public, pg_temp")
        cursor.execute(STATEMENTS["parts"])
        return {name: keyed(f"structure|{name}|{definition}") for name, definition in cursor.fetchall()}
