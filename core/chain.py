"""The hash chain over declarations, decisions, reports, roles, contracts and the audit trail.

Rows are sealed in blocks: each row's content as SHA-256, each block's rows as one SHA-256, and each block with the one
before it as HMAC-SHA-256 under a key that is not in the database. Whoever changes, removes or inserts rows in SQL, with
or without triggers, can make the digests fit again, but not the seals. Rows that were changed before they were sealed
show against their history (django-pghistory's event tables); of a row that lawfully lives on, the history is sealed.
What follows from sealed rows (a state from its steps, a declaration's end from the next version) is asked of
settings.CHAIN_CHECKS. docs/evidence.md says what this proves against whom.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Composable, Identifier

from core import audit
from core.formats import moment as moment_text
from core.locks import wait_for_lock
from core.models import AuditEvent, ChainBlock
from core.sql import execute, statements

SEALED = "chain.sealed"
MOMENTS = ("pgh_created_at", "at", "sealed_at")  # columns that say when a row was written
STATEMENTS = statements("chain.sql", beside=__file__)


@dataclass(frozen=True)
class ChainFinding:
    """Something that is not as it was sealed. `row` is None for a whole block."""

    table: str
    row: int | None
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.what}" if self.row is not None else f"{self.table}: {self.what}"


@dataclass(frozen=True)
class Verified:
    findings: list[ChainFinding]
    blocks: int
    sealed: int
    unsealed: int
    head: str


@dataclass(frozen=True)
class Sealed:
    """A model's rows, or a part of each (`part` names it): the columns that their digest covers.

    A part may be erased when the law asks for it: `erasable` gives the rows of which that is so. Its columns hold a
    random number that goes with it, so that nobody can try out afterwards what had been sealed.
    """

    model: type[models.Model]
    columns: list[str]
    part: str = ""
    erasable: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table  # noqa: SLF001 (Django's public-by-use API)

    @property
    def name(self) -> str:
        """As the chain's entries call it."""
        return f"{self.table}.{self.part}" if self.part else self.table

    def statement(self, name: str, **parts: Composable) -> Composable:
        """A statement of chain.sql over the model's table, names quoted by the driver."""
        key = Identifier(self.model._meta.pk.column)  # noqa: SLF001
        digest = SQL(STATEMENTS["digest"])
        return SQL(STATEMENTS[name]).format(table=Identifier(self.table), key=key, digest=digest, **parts)


def keyed(text: str) -> str:
    """HMAC-SHA-256 under the chain's key: for what is sealed at the moment when it is decided."""
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return hmac.new(settings.FIELD_HASH_KEY.encode(), b"audit chain", hashlib.sha256).digest()


def chained() -> Iterator[Sealed]:
    """Everything that is sealed: rows, then parts of rows."""
    for label, left_out in settings.CHAINED_MODELS.items():
        model = apps.get_model(label)
        columns = [field.column for field in model._meta.concrete_fields if field.column not in left_out]  # noqa: SLF001
        yield Sealed(model, columns)
    for label, (part, names, erasable) in settings.CHAINED_PARTS.items():
        model = apps.get_model(label)
        yield Sealed(model, [model._meta.pk.column, *names], part, erasable)  # noqa: SLF001


def _seal_of(block: ChainBlock) -> str:
    moment = block.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    said = f"{block.number}|{moment}|{block.entries}|{block.content}|{block.previous}"
    return hmac.new(_key(), said.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def seal() -> ChainBlock | None:
    """Seal every row that is not sealed yet; None when there is none. One at a time."""
    wait_for_lock("audit-chain")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # moments are sealed as text
        cursor.execute("SET LOCAL statement_timeout = 0")  # the first seal of a full database takes its time
        last = ChainBlock.objects.order_by("number").last()
        number = last.number + 1 if last else 1
        cursor.execute("SELECT nextval(pg_get_serial_sequence('core_chainblock', 'id'))")
        block = ChainBlock(
            pk=cursor.fetchone()[0], number=number, sealed_at=timezone.now(), previous=last.hash if last else ""
        )
        # The block is written last: its trigger lets nobody change it. Deferred foreign keys allow that.
        columns = {}
        for each in chained():
            columns[each.name] = each.columns
            values = {"block": block.pk, "table": each.name, "columns": each.columns}
            execute(cursor, each.statement("seal"), values)
        cursor.execute(STATEMENTS["content"], {"block": block.pk})
        block.entries, block.content = cursor.fetchone()
        if not block.entries:
            return None
        block.columns, block.hash = columns, ""
        block.hash = _seal_of(block)
        block.save(force_insert=True)
    audit.record(SEALED, block, by=None, number=block.number, hash=block.hash, entries=block.entries)
    return block


def verify(head: str = "") -> Verified:
    """Everything that is not as sealed. `head` is a seal that somebody wrote down elsewhere: it must be in the
    chain."""
    blocks = list(ChainBlock.objects.order_by("number"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute("SET LOCAL statement_timeout = 0")  # no page asks for this
        findings = _links(cursor, blocks)
        findings += _missing_blocks({block.hash for block in blocks}, head)
        findings += _rows(cursor, blocks)
        findings += _histories(cursor)
        findings += _triggers(cursor)
        findings += _without_context(cursor, blocks)
        for each in chained():
            findings += _left_unsealed(cursor, each)
        for path in settings.CHAIN_CHECKS:
            check: Callable[[], list[ChainFinding]] = import_string(path)
            findings += check()
        unsealed = sum(_unsealed(cursor, each) for each in chained())
    last = blocks[-1].hash if blocks else ""
    return Verified(findings, len(blocks), sum(block.entries for block in blocks), unsealed, last)


def _links(cursor: Any, blocks: list[ChainBlock]) -> list[ChainFinding]:
    """Each block against the one before it, its own seal, and the rows that it lists."""
    if not blocks:
        what = _("there is no seal: nothing was sealed yet, or all seals were removed")
        return [ChainFinding(ChainBlock._meta.db_table, None, what)]  # noqa: SLF001
    findings, previous = [], ""
    for place, block in enumerate(blocks, start=1):
        name = _("block %(number)s") % {"number": block.number}
        if block.number != place or block.previous != previous:
            findings.append(ChainFinding(name, None, _("the block before it is missing or was replaced")))
        if not hmac.compare_digest(block.hash, _seal_of(block)):
            findings.append(ChainFinding(name, None, _("the seal does not fit: the block was changed")))
        cursor.execute(STATEMENTS["content"], {"block": block.pk})
        if cursor.fetchone() != (block.entries, block.content):
            findings.append(ChainFinding(name, None, _("its list of sealed rows was changed")))
        previous = block.hash
    return findings


def _missing_blocks(seals: set[str], head: str) -> list[ChainFinding]:
    """A chain that was cut off at its end: the trail still speaks of blocks that are gone."""
    told = AuditEvent.objects.filter(action=SEALED).values_list("pk", "details")
    gone = [
        ChainFinding(
            "core_auditevent",
            pk,
            _("speaks of block %(number)s, which is gone") % {"number": details.get("number")},
        )
        for pk, details in told
        if details.get("hash") not in seals
    ]
    if head and head not in seals:
        gone.append(ChainFinding(_("head"), None, _("the seal %(seal)s is not in the chain") % {"seal": head}))
    return gone


def _rows(cursor: Any, blocks: list[ChainBlock]) -> list[ChainFinding]:
    """Sealed rows that say something else now or are gone; each by the columns of the time when it was sealed."""
    findings = []
    for each in chained():
        groups: dict[tuple[str, ...], list[int]] = {}
        for block in blocks:
            groups.setdefault(tuple(block.columns.get(each.name, ())), []).append(block.pk)
        differ: list[tuple[int, bool]] = []
        for columns, group in groups.items():
            if columns:
                values = {"table": each.name, "blocks": group, "columns": list(columns)}
                execute(cursor, each.statement("compared"), values)
                differ += cursor.fetchall()
        lawful = _erased_by_law(each, [row for row, is_gone in differ if not is_gone])
        for row, is_gone in differ:
            if row not in lawful:
                what = _("was removed after it was sealed") if is_gone else _("was changed after it was sealed")
                findings.append(ChainFinding(each.name, row, what))
    return findings


def _erased_by_law(each: Sealed, rows: list[int]) -> set[int]:
    """Of these rows, those whose part is empty now and whose time is over."""
    if not each.erasable or not rows:
        return set()
    erasable: Callable[[], models.QuerySet[Any]] = import_string(each.erasable)
    own = dict.fromkeys(each.columns[1:], "")
    return set(erasable().filter(pk__in=rows, **own).values_list("pk", flat=True))


def _tracked() -> list[tuple[type[models.Model], type[models.Model]]]:
    """(model, its history) of everything whose rows or whose history are sealed."""
    found: dict[type[models.Model], type[models.Model]] = {}
    for each in chained():
        tracked = getattr(each.model, "pgh_tracked_model", None) or each.model
        if events := getattr(tracked, "pgh_event_model", None):
            found[tracked] = events
    for label in settings.HISTORY_CHECKED_MODELS:
        model = apps.get_model(label)
        found[model] = model.pgh_event_model
    return list(found.items())


def _histories(cursor: Any) -> list[ChainFinding]:
    """Rows that differ from the last entry of their own history: written with the triggers off."""
    findings = []
    for model, events in _tracked():
        event_table = events._meta.db_table  # noqa: SLF001
        own = {field.column for field in model._meta.concrete_fields}  # noqa: SLF001
        shared = [f.column for f in events._meta.concrete_fields if f.column in own]  # noqa: SLF001
        differ = SQL(" OR ").join(
            SQL("e.{column} IS DISTINCT FROM t.{column}").format(column=Identifier(column)) for column in shared
        )
        sealed = Sealed(model, [])
        parts = {"events": Identifier(event_table), "differ": differ}
        execute(cursor, sealed.statement("differs_from_history", **parts))
        for row, is_gone, is_unknown in cursor.fetchall():
            what = _("was removed without a trace in its history") if is_gone else _("differs from its history")
            findings.append(
                ChainFinding(
                    sealed.table, row, _("was inserted without a trace in its history") if is_unknown else what
                )
            )
    return findings


def _without_context(cursor: Any, blocks: list[ChainBlock]) -> list[ChainFinding]:
    """Changes that say nothing of who made them: the portal always does, SQL by hand doesn't.

    What was there when the history was sealed for the first time is left out; of a history that isn't sealed itself,
    what is older than the first seal of all (its trigger writes the moment, and nobody may change it).
    """
    findings = []
    what = _("was changed past the portal: its history does not say by whom")
    names = {each.name for each in chained()}
    for label in settings.CONTEXT_CHECKED_MODELS:
        model = apps.get_model(label)
        sealed = Sealed(model.pgh_event_model, [])
        first = next((block for block in blocks if sealed.name in names and sealed.name in block.columns), None)
        if first is not None:
            execute(cursor, sealed.statement("without_context"), {"table": sealed.name, "first": first.pk})
        elif sealed.name not in names and blocks:
            execute(cursor, sealed.statement("without_context_since"), {"since": blocks[0].sealed_at})
        else:
            continue
        findings += [ChainFinding(model._meta.db_table, row, what) for (row,) in cursor.fetchall()]  # noqa: SLF001
    return findings


def _triggers(cursor: Any) -> list[ChainFinding]:
    """Triggers that somebody left switched off or took away: what was written meanwhile left no history."""
    tables = {each.table for each in chained()} | {model._meta.db_table for model, _events in _tracked()}  # noqa: SLF001
    wanted = {
        (trigger.get_pgid(model), model._meta.db_table)  # noqa: SLF001
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in tables  # noqa: SLF001
        for trigger in getattr(model._meta, "triggers", [])  # noqa: SLF001
    }
    cursor.execute(STATEMENTS["triggers"], {"tables": sorted(tables)})
    there = {(name, table): is_on for name, table, is_on in cursor.fetchall()}
    missing = [(name, table, _("the trigger %(name)s is gone")) for name, table in wanted - set(there)]
    off = [
        (name, table, _("the trigger %(name)s is switched off")) for (name, table), is_on in there.items() if not is_on
    ]
    return [ChainFinding(table, None, what % {"name": name}) for name, table, what in sorted(missing + off)]


def _left_unsealed(cursor: Any, each: Sealed) -> list[ChainFinding]:
    """Rows that had to be sealed long ago: the sealing stands still, or their seals were removed."""
    names = {field.column for field in each.model._meta.concrete_fields}  # noqa: SLF001
    moment = next((name for name in MOMENTS if name in names), None)
    if moment is None or each.part:
        return []
    values = {"table": each.name, "before": timezone.now() - dt.timedelta(seconds=settings.SEAL_LATE_SECONDS)}
    execute(cursor, each.statement("left_unsealed", moment=Identifier(moment)), values)
    count, since = cursor.fetchone()
    if not count:
        return []
    what = _("%(count)s rows since %(since)s are not sealed: the sealing stands still, or their seals were removed")
    return [ChainFinding(each.name, None, what % {"count": count, "since": moment_text(since)})]


def _unsealed(cursor: Any, each: Sealed) -> int:
    execute(cursor, each.statement("unsealed"), {"table": each.name})
    return int(cursor.fetchone()[0])
