"""The hash chain over declarations, decisions, contracts and the audit trail.

Rows are sealed in blocks: each row's content as SHA-256, each block's rows as one SHA-256, and each block with the one
before it as HMAC-SHA-256 under a key that is not in the database. Whoever changes, removes or inserts rows in SQL, with
or without triggers, can make the digests fit again, but not the seals. Rows that were changed before they were sealed
show against their history (django-pghistory's event tables).
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Composable, Identifier

from core import audit
from core.locks import lock_number
from core.models import AuditEvent, ChainBlock
from core.sql import execute, statements

SEALED = "chain.sealed"
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


def _composed(name: str, model: type[models.Model], **parts: Composable) -> Composable:
    """A statement of chain.sql over the model's table, names quoted by the driver."""
    meta = model._meta  # noqa: SLF001
    return SQL(STATEMENTS[name]).format(
        table=Identifier(meta.db_table), key=Identifier(meta.pk.column), digest=SQL(STATEMENTS["digest"]), **parts
    )


def _key() -> bytes:
    return hmac.new(settings.FIELD_HASH_KEY.encode(), b"audit chain", hashlib.sha256).digest()


def chained() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Each chained model with the names of the columns that its digest covers."""
    for label, left_out in settings.CHAINED_MODELS.items():
        model = apps.get_model(label)
        columns = [field.column for field in model._meta.concrete_fields if field.column not in left_out]  # noqa: SLF001
        yield model, columns


def _seal_of(block: ChainBlock) -> str:
    moment = block.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    said = f"{block.number}|{moment}|{block.entries}|{block.content}|{block.previous}"
    return hmac.new(_key(), said.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def seal() -> ChainBlock | None:
    """Seal every row that is not sealed yet; None when there is none. One at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number("audit-chain")])
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # moments are sealed as text
        last = ChainBlock.objects.order_by("number").last()
        number = last.number + 1 if last else 1
        cursor.execute("SELECT nextval(pg_get_serial_sequence('core_chainblock', 'id'))")
        block = ChainBlock(
            pk=cursor.fetchone()[0], number=number, sealed_at=timezone.now(), previous=last.hash if last else ""
        )
        # The block is written last: its trigger lets nobody change it. Deferred foreign keys allow that.
        columns = {}
        for model, names in chained():
            table = model._meta.db_table  # noqa: SLF001
            columns[table] = names
            execute(cursor, _composed("seal", model), {"block": block.pk, "table": table, "columns": names})
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
    findings: list[ChainFinding] = []
    blocks = list(ChainBlock.objects.order_by("number"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        previous = ""
        for place, block in enumerate(blocks, start=1):
            if block.number != place or block.previous != previous:
                findings.append(
                    ChainFinding(
                        _("block %(number)s") % {"number": block.number},
                        None,
                        _("the block before it is missing or was replaced"),
                    )
                )
            if not hmac.compare_digest(block.hash, _seal_of(block)):
                findings.append(
                    ChainFinding(
                        _("block %(number)s") % {"number": block.number},
                        None,
                        _("the seal does not fit: the block was changed"),
                    )
                )
            cursor.execute(STATEMENTS["content"], {"block": block.pk})
            if cursor.fetchone() != (block.entries, block.content):
                findings.append(
                    ChainFinding(
                        _("block %(number)s") % {"number": block.number}, None, _("its list of sealed rows was changed")
                    )
                )
            previous = block.hash
        findings += _missing_blocks({block.hash for block in blocks}, head)
        findings += _rows(cursor, blocks)
        findings += _histories(cursor)
        unsealed = sum(_unsealed(cursor, model) for model, _columns in chained())
    return Verified(findings, len(blocks), sum(block.entries for block in blocks), unsealed, previous)


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
    for model, _names in chained():
        table = model._meta.db_table  # noqa: SLF001
        groups: dict[tuple[str, ...], list[int]] = {}
        for block in blocks:
            groups.setdefault(tuple(block.columns.get(table, ())), []).append(block.pk)
        for columns, group in groups.items():
            if not columns:
                continue
            values = {"table": table, "blocks": group, "columns": list(columns)}
            execute(cursor, _composed("compared", model), values)
            for row, is_gone in cursor.fetchall():
                what = _("was removed after it was sealed") if is_gone else _("was changed after it was sealed")
                findings.append(ChainFinding(table, row, what))
    return findings


def _histories(cursor: Any) -> list[ChainFinding]:
    """Rows that differ from the last entry of their own history: written with the triggers off."""
    findings = []
    for model, _names in chained():
        events = getattr(model, "pgh_event_model", None)
        if events is None:
            continue
        table, event_table = model._meta.db_table, events._meta.db_table  # noqa: SLF001
        own = {field.column for field in model._meta.concrete_fields}  # noqa: SLF001
        shared = [f.column for f in events._meta.concrete_fields if f.column in own]  # noqa: SLF001
        differ = SQL(" OR ").join(
            SQL("e.{column} IS DISTINCT FROM t.{column}").format(column=Identifier(column)) for column in shared
        )
        parts = {"events": Identifier(event_table), "differ": differ}
        execute(cursor, _composed("differs_from_history", model, **parts))
        for row, is_gone, is_unknown in cursor.fetchall():
            what = _("was removed without a trace in its history") if is_gone else _("differs from its history")
            findings.append(
                ChainFinding(table, row, _("was inserted without a trace in its history") if is_unknown else what)
            )
    return findings


def _unsealed(cursor: Any, model: type[models.Model]) -> int:
    execute(cursor, _composed("unsealed", model), {"table": model._meta.db_table})  # noqa: SLF001
    return int(cursor.fetchone()[0])
