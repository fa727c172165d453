"""The chain against what left the house: a chain that was emptied, cut off or made anew lacks a seal that was seen
elsewhere, even if whoever did it had the key."""

import datetime as dt

from django.utils.translation import gettext as _

from core.chain import ChainFinding
from core.formats import day
from core.models import ChainBlock
from evidence import head_file, stamping
from evidence.models import DepartureWay, HeadDeparture

AHEAD = dt.timedelta(minutes=10)  # an authority's clock and ours


def findings() -> list[ChainFinding]:
    blocks = dict(ChainBlock.objects.values_list("hash", "sealed_at"))
    return [*_departures(set(blocks)), *_file(set(blocks)), *_stamps(blocks)]


def _departures(seals: set[str]) -> list[ChainFinding]:
    """What the database itself knows of seals that left."""
    table = HeadDeparture._meta.db_table  # noqa: SLF001 (Django's public-by-use API)
    what = _("block %(number)s, whose seal left the house on %(day)s, is not in the chain: it was cut off or made anew")
    return [
        ChainFinding(table, pk, what % {"number": number, "day": day(at)})
        for pk, number, seal, at in HeadDeparture.objects.arrived()
        .order_by("pk")
        .values_list("pk", "number", "seal", "at")
        if seal not in seals
    ]


def _file(seals: set[str]) -> list[ChainFinding]:
    """What the file outside knows: each line must be in the chain, and each line that was written must be there."""
    if head_file.path() is None:
        return []
    name = head_file.NAME
    try:
        lines = head_file.lines()
    except FileNotFoundError:
        lines = []
    except OSError as error:
        return [ChainFinding(name, None, _("the file of seals cannot be read: %(error)s") % {"error": error.strerror})]
    missing = _("block %(number)s is not in the chain: it was cut off or made anew")
    found = [
        ChainFinding(name, line.place, missing % {"number": line.number} if line.seal else _("cannot be read"))
        for line in lines
        if line.seal not in seals
    ]
    there = {line.seal for line in lines}
    written = HeadDeparture.objects.arrived().filter(way=DepartureWay.FILE, where=str(head_file.path()))
    gone = _("the line of block %(number)s was taken out of the file of seals")
    found += [
        ChainFinding(name, None, gone % {"number": number})
        for number, seal in written.order_by("pk").values_list("number", "seal")
        if seal not in there
    ]
    return found


def _stamps(blocks: dict[str, dt.datetime]) -> list[ChainFinding]:
    """Each token by itself, from the configured roots; then that it is of a seal of the chain, not made before it."""
    table = HeadDeparture._meta.db_table  # noqa: SLF001
    rows = HeadDeparture.objects.stamps().order_by("pk").values_list("pk", "seal", "token")
    tokens: list[tuple[str, int | None, str, bytes]] = [
        (table, pk, seal, bytes(token or b"")) for pk, seal, token in rows
    ]
    try:
        tokens += [(name, None, seal, token) for name, seal, token in head_file.tokens()]
    except OSError as error:
        return [
            ChainFinding(head_file.NAME, None, _("the stamps cannot be read: %(error)s") % {"error": error.strerror})
        ]
    found = []
    for where, pk, seal, token in tokens:
        try:
            at = stamping.check(token, seal)
        except stamping.StampError as error:
            found.append(ChainFinding(where, pk, _("the time stamp does not hold: %(why)s") % {"why": error}))
            continue
        if seal not in blocks:
            what = _("the stamped seal is not in the chain: it was cut off or made anew")
            found.append(ChainFinding(where, pk, what))
        elif blocks[seal] > at + AHEAD:
            found.append(ChainFinding(where, pk, _("is stamped before its block says that it was sealed")))
    return found
