"""What the page of the hash chain shows: its standing in one word, its facts, the ways out of the house."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.utils import timezone

from core.models import ChainBlock
from evidence import ways
from evidence.choices import DepartureWay
from evidence.models import ChainVerification, HeadDeparture

TOO_OLD = dt.timedelta(hours=36)
SHOWN_FINDINGS, SHOWN_ROWS = 100, 14


class ChainStanding(StrEnum):
    """What the last verification allows to say today."""

    NEVER = "never"
    FOUND = "found"
    OLD = "old"
    GOOD = "good"


@dataclass(frozen=True)
class ShownFinding:
    """`kind` is what the table holds, in words; `table` is its name for the administrator."""

    kind: str
    table: str
    row: int | None
    what: str


@dataclass(frozen=True)
class WayOut:
    """One configured way, the last seal that arrived by it, and the try after that which failed."""

    way: DepartureWay
    where: str
    arrived: HeadDeparture | None
    failed: HeadDeparture | None


def standing(last: ChainVerification | None) -> ChainStanding:
    if last is None:
        return ChainStanding.NEVER
    if last.finding_count:
        return ChainStanding.FOUND
    return ChainStanding.OLD if timezone.now() - last.finished_at > TOO_OLD else ChainStanding.GOOD


def shown_findings(last: ChainVerification | None) -> list[ShownFinding]:
    """The first of them; a table that is none of ours (a file, a block) stands for itself."""
    kinds = {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}  # noqa: SLF001
    return [
        ShownFinding(kinds.get(each["table"].partition(".")[0], ""), each["table"], each["row"], each["what"])
        for each in (last.findings[:SHOWN_FINDINGS] if last else [])
    ]


def ways_out() -> list[WayOut]:
    """Each way that is set, also one that was never gone."""
    return [_way_out(way, where) for way, where in ways.configured()]


def _way_out(way: DepartureWay, where: str) -> WayOut:
    tries = HeadDeparture.objects.filter(way=way, where=where).defer("token")
    arrived = tries.arrived().first()
    failed = tries.exclude(problem="").first()
    if arrived and failed and failed.pk < arrived.pk:
        failed = None
    return WayOut(way, where, arrived, failed)


def page() -> dict[str, object]:
    last = ChainVerification.objects.first()
    return {
        "last": last,
        "standing": standing(last),
        "findings": (findings := shown_findings(last)),
        "more_findings": last.finding_count - len(findings) if last else 0,
        "newest": ChainBlock.objects.order_by("number").last(),
        "ways": ways_out(),
        "departures": HeadDeparture.objects.arrived().defer("token")[:SHOWN_ROWS],
        "verifications": ChainVerification.objects.defer("findings")[:SHOWN_ROWS],
    }
