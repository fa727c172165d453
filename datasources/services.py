"""Asking for pulls, carrying them out, keeping what came."""

import datetime as dt
import gzip
import hashlib
import logging
from dataclasses import dataclass

import pghistory
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import User
from accounts.services import tell
from core import audit
from core.choices import Role
from core.models import Region
from datasources import normalising, tasks
from datasources.choices import PullState
from datasources.connectors.base import Answer, SourceRefused, SourceUnavailable
from datasources.connectors.registry import connector_for
from datasources.models import BREAKER_FAILURES, BREAKER_PAUSE, Observation, Payload, Pull, Series, Source
from datasources.parsing import Note, Table, UnexpectedAnswer

logger = logging.getLogger(__name__)
NOTES_KEPT = 100


def request_pull(*, series: Series, by: User | None) -> Pull:
    """A queued pull of the series; the one that waits already when there is one. Starts after the commit."""
    with transaction.atomic():
        pull, created = Pull.objects.get_or_create(series=series, state=PullState.QUEUED, defaults={"requested_by": by})
        if created and by is not None:
            audit.record("pull.requested", series, by=by)
    transaction.on_commit(lambda: enqueue(pull.pk))
    return pull


def enqueue(pull_id: int) -> bool:
    """Hand the pull to the worker. With the queue away the row keeps waiting, and beat's sweep hands it over later."""
    try:
        tasks.pull_series.apply_async((pull_id,), retry=False)
    except (BrokerError, OSError) as error:
        logger.warning("queue is away, pull %s waits: %s", pull_id, error)
        return False
    return True


@dataclass(frozen=True)
class Stored:
    added: int = 0
    revised: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.revised)


def carry_out(pull_id: int, *, last_attempt: bool = True) -> bool:
    """Fetch, keep the raw answer, parse, store. True when figures are new or revised.

    Safe to run twice and at once: the caller holds the series' advisory lock; a finished pull is left alone; figures
    are versions under a unique constraint, so the same answer stored again changes nothing. A crash leaves the row
    'running', and the redelivered task starts over. Raises SourceUnavailable unless `last_attempt`.
    """
    pull = Pull.objects.select_related("series__source").get(pk=pull_id)
    if not pull.is_open:
        return False
    if pull.series.source.is_paused(timezone.now()) and pull.requested_by_id is None:
        _fail(pull, _("The source is paused after repeated failures."))
        return False
    Pull.objects.filter(pk=pull_id).update(
        state=PullState.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1, problem=""
    )
    connector = connector_for(pull.series.source.kind)
    try:
        answer = connector.fetch(pull.series)
        payload = keep(pull.series, answer)
        table = connector.parse(pull.series, answer)
    except SourceUnavailable as error:
        if not last_attempt:
            Pull.objects.filter(pk=pull_id).update(problem=str(error))
            raise
        _fail(pull, _("The source does not answer: %(why)s.") % {"why": error})
        return False
    except SourceRefused as error:
        _fail(pull, _("The source refused: %(why)s.") % {"why": error})
        return False
    except UnexpectedAnswer as error:
        _fail(
            pull,
            _("Expected %(expected)s, found %(found)s. Nothing was changed.")
            % {"expected": error.expected, "found": error.found},
        )
        return False
    return _finish(pull, payload, table)


def keep(series: Series, answer: Answer) -> Payload:
    """The raw answer; the same bytes as last time are not stored twice."""
    digest = hashlib.sha256(answer.body).hexdigest()
    last = series.payloads.order_by("-pk").first()
    if last is not None and last.sha256 == digest and last.address == answer.address:
        return last
    return Payload.objects.create(
        series=series,
        address=answer.address,
        status=answer.status,
        content_type=answer.content_type,
        body=gzip.compress(answer.body, mtime=0),
        size=len(answer.body),
        sha256=digest,
        fetched_at=timezone.now(),
    )


@transaction.atomic
def _finish(pull: Pull, payload: Payload, table: Table) -> bool:
    regions = [
        normalising.KnownRegion(region.pk, region.bps_code or "", region.name)
        for region in Region.objects.province_and_regencies()
    ]
    figures, notes = normalising.place(table.rows, regions)
    notes = [*table.notes, *notes]
    if not table.available:
        notes.append(Note(pull.series.name, _("the source has no figures for these years")))
    if table.unit and pull.series.unit and table.unit.lower() != pull.series.unit.lower():
        # Nothing may be compared across units: a steward decides.
        _fail(pull, _("The unit is now “%(new)s”, it was “%(old)s”.") % {"new": table.unit, "old": pull.series.unit})
        return False
    now = timezone.now()
    stored = store(pull.series, payload, figures, now)
    Pull.objects.filter(pk=pull.pk).update(
        state=PullState.DONE,
        finished_at=now,
        payload=payload,
        problem="",
        notes=[{"place": note.place, "reason": note.reason} for note in notes[:NOTES_KEPT]],
        added=stored.added,
        revised=stored.revised,
        unchanged=stored.unchanged,
    )
    Series.objects.filter(pk=pull.series_id).update(pulled_at=now)
    Source.objects.filter(pk=pull.series.source_id).update(consecutive_failures=0, paused_until=None)
    if stored.revised:
        audit.record("figures.revised", pull.series, by=pull.requested_by, count=stored.revised, pull=pull.pk)
    return stored.changed


def store(series: Series, payload: Payload, figures: list[normalising.Figure], now: dt.datetime) -> Stored:
    """Add versions for what is new or different: four statements, however many figures."""
    current = {
        (observation.region_id, observation.period): observation
        for observation in Observation.objects.filter(series=series).current().select_for_update(of=("self",))
    }
    fresh: list[Observation] = []
    ended: list[int] = []
    unchanged = 0
    for figure in figures:
        known = current.get((figure.region_pk, figure.period))
        if known is not None and known.value == figure.value:
            unchanged += 1
            continue
        if known is not None:
            ended.append(known.pk)
        fresh.append(
            Observation(
                series=series,
                region_id=figure.region_pk,
                period=figure.period,
                value=figure.value,
                payload=payload,
                fetched_at=now,
            )
        )
    Observation.objects.filter(pk__in=ended).update(superseded_at=now)
    Observation.objects.bulk_create(fresh, batch_size=2_000)
    return Stored(len(fresh) - len(ended), len(ended), unchanged)


@transaction.atomic
def _fail(pull: Pull, problem: str) -> None:
    """Mark the pull failed, count it against the source, and tell the stewards once when the breaker opens."""
    now = timezone.now()
    Pull.objects.filter(pk=pull.pk).update(state=PullState.FAILED, finished_at=now, problem=problem)
    source = Source.objects.select_for_update().get(pk=pull.series.source_id)
    source.consecutive_failures += 1
    opens = source.consecutive_failures >= BREAKER_FAILURES and not source.is_paused(now)
    if opens:
        source.paused_until = now + BREAKER_PAUSE
    with pghistory.context(task="pull"):
        source.save(update_fields=["consecutive_failures", "paused_until"])
    if opens:
        text = _("%(source)s has failed %(count)s times in a row and is paused.") % {
            "source": source,
            "count": source.consecutive_failures,
        }
        tell(User.objects.with_role(Role.DATA_STEWARD), text, "/acuan/")
