"""Asking for pulls, carrying them out, keeping what came."""

import datetime as dt
import gzip
import hashlib
import logging
from collections.abc import Sequence
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from accounts.models import User
from accounts.services import notify
from core import audit, queue, schedule
from core.choices import Role
from core.long_work import broke_off
from core.models import Region
from core.schedule import Rhythm
from datasources.choices import PullState
from datasources.connectors.base import (
    Answer,
    Ask,
    Connector,
    SourceRefused,
    SourceUnavailable,
    Validators,
)
from datasources.connectors.outbound import NOT_MODIFIED
from datasources.connectors.parsing import Note, Table, UnexpectedAnswer
from datasources.connectors.registry import connector_for
from datasources.models import BREAKER_FAILURES, BREAKER_PAUSE, Payload, Pull, RegionMapping, Series, Source
from datasources.permissions import check_may_hand_in, check_may_pull, check_may_steward
from datasources.pulls.placement import KnownRegion, Mapped, Placed, Proposal, RegionFinder, place
from datasources.series import observation_versions

logger = logging.getLogger(__name__)
TASK = "datasources.pulls.tasks.pull_series"
NOTES_KEPT = 100
PREVIEW_ROWS = 10
REGIONS_PREVIEWED = 200
BY_HAND, BY_SCHEDULE = 0, 6  # Redis: the lower number goes first
HANDED_OVER_FOR = dt.timedelta(minutes=10)
HANDED_AT_ONCE = 500


# -- asking ----------------------------------------------------------------------------------------------------------


def request_pull(
    *, series: Series, by: User | None, is_trial: bool = False, years: tuple[int, int] | None = None
) -> Pull:
    """A queued pull of the series; the one that waits already when there is one. Starts after the commit.

    A trial stores no figures. `years` asks for another period than the series' own.
    """
    check_may_pull(by)
    first_year, last_year = years or (None, None)
    with transaction.atomic():
        pull, created = Pull.objects.get_or_create(
            series=series,
            is_trial=is_trial,
            state=PullState.QUEUED,
            defaults={"requested_by": by, "first_year": first_year, "last_year": last_year},
        )
        if created and by is not None and not is_trial:
            audit.record("pull.requested", series, by=by)
    transaction.on_commit(lambda: enqueue(pull.pk, BY_HAND if by is not None else BY_SCHEDULE))
    return pull


@transaction.atomic
def hand_in(*, series: Series, body: bytes, name: str, by: User, is_trial: bool = False) -> Pull:
    """A pull whose answer is a file that somebody brought. Raises ValidationError while another one waits."""
    check_may_hand_in(by, series)
    if Pull.objects.filter(series=series, is_trial=is_trial, state__in=PullState.open_states()).exists():
        raise ValidationError(_("A file of this series is being read. Wait for it, then hand in the next one."))
    answer = Answer(_("file “%(name)s”, handed in by %(who)s") % {"name": name, "who": by}, 200, "", body)
    pull = Pull.objects.create(series=series, is_trial=is_trial, requested_by=by)
    pull.payloads.set(keep(series, [answer]))
    if not is_trial:
        audit.record("pull.requested", series, by=by, file=name)
    transaction.on_commit(lambda: enqueue(pull.pk, BY_HAND))
    return pull


def enqueue(pull_id: int, priority: int = BY_SCHEDULE) -> bool:
    """Hand the pull to the worker. With the queue away the row keeps waiting, and beat's sweep hands it over later."""
    sent = queue.send(TASK, pull_id, priority=priority)
    if sent:
        Pull.objects.filter(pk=pull_id).update(handed_at=timezone.now())
    return sent


@transaction.atomic
def change_schedule(*, task: PeriodicTask, rhythm: Rhythm, is_enabled: bool, by: User, reason: str) -> None:
    """When beat runs a task, and whether; it notices within a minute."""
    check_may_steward(by)
    schedule.set_rhythm(task, rhythm)
    task.enabled = is_enabled
    task.save()
    audit.record("schedule.changed", task, by=by, reason=reason, enabled=is_enabled)


def request_due() -> int:
    """A queued pull for every series whose time has come: two statements, however many they are."""
    due = list(Series.objects.due().values_list("pk", flat=True))
    Pull.objects.bulk_create([Pull(series_id=pk) for pk in due], batch_size=2_000, ignore_conflicts=True)
    hand_over(waited=dt.timedelta(0))
    return len(due)


def hand_over(*, waited: dt.timedelta, stuck: dt.timedelta | None = None) -> int:
    """Give the worker what was never given to it, was given long ago, or (`stuck`) runs since too long.

    A message may be lost with the queue; a second one for the same pull finds it done and does nothing.
    """
    now = timezone.now()
    lost = Q(state=PullState.QUEUED, requested_at__lte=now - waited) & (
        Q(handed_at__isnull=True) | Q(handed_at__lt=now - HANDED_OVER_FOR)
    )
    if stuck is not None:
        lost |= Q(state=PullState.RUNNING, started_at__lt=now - stuck)
    rows = list(Pull.objects.filter(lost).order_by("requested_at").values_list("pk", "requested_by_id"))
    handed = 0
    for start in range(0, len(rows), HANDED_AT_ONCE):
        sent = []
        for pk, by in rows[start : start + HANDED_AT_ONCE]:
            if not queue.send(TASK, pk, priority=BY_HAND if by else BY_SCHEDULE):
                break
            sent.append(pk)
        Pull.objects.filter(pk__in=sent).update(handed_at=now)
        handed += len(sent)
        if len(sent) < len(rows[start : start + HANDED_AT_ONCE]):
            break
    return handed


# -- carrying out ----------------------------------------------------------------------------------------------------


def carry_out(pull_id: int, *, last_attempt: bool = True) -> bool:
    """Fetch, keep the raw answer, parse, store. True when figures are new or revised.

    Safe to run twice and at once: a finished pull is left alone; figures are versions under a unique constraint and the
    series' row is locked while they are stored, so the same answer stored again changes nothing. A crash leaves the row
    'running', and the redelivered task starts over. Raises SourceUnavailable unless `last_attempt`.
    """
    pull = Pull.objects.select_related("series__source").get(pk=pull_id)
    if not pull.is_open:
        return False
    source = pull.series.source
    if source.is_paused(timezone.now()) and pull.requested_by_id is None:
        _fail(pull, _("The source is paused after repeated failures."), counts=False)
        return False
    if pull.series.is_held and not pull.is_trial:
        _fail(pull, _("The series is held at an earlier version: release it first."), counts=False)
        return False
    Pull.objects.filter(pk=pull_id).update(
        state=PullState.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1, problem=""
    )
    connector = connector_for(source.kind)
    kept = _last_payloads(pull.series)
    ask = ask_of(pull, kept)
    try:
        answers, payloads = _answers(pull, connector, ask, kept)
        table = connector.parse(ask, answers)
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
    except Exception:
        _fail(pull, broke_off())
        raise
    return _finish(pull, payloads, table, ask)


def ask_of(pull: Pull, kept: Sequence[Payload]) -> Ask:
    """The question of this pull: the series' own query and years, and what is known of earlier answers."""
    series, source = pull.series, pull.series.source
    year = timezone.localdate().year

    def say(step: str) -> None:
        Pull.objects.filter(pk=pull.pk).update(progress=step[:200])

    return Ask(
        address=source.base_address,
        query=series.query,
        first_year=pull.first_year or year - series.years_back,
        last_year=pull.last_year or year,
        key=source.api_key,
        key_header=source.key_header,
        series_pk=series.pk,
        known={row.address: Validators(row.etag, row.last_modified) for row in kept if row.etag or row.last_modified},
        say=say,
    )


def _last_payloads(series: Series) -> list[Payload]:
    """What the last good pull read, without the bodies."""
    last = series.pulls.good().filter(rolled_back_to__isnull=True).order_by("-pk").first()
    return list(last.payloads.defer("body").order_by("page", "pk")) if last else []


def _answers(pull: Pull, connector: Connector, ask: Ask, last: Sequence[Payload]) -> tuple[list[Answer], list[Payload]]:
    """The answers and where they are kept: fetched, or those that came with the pull, or the kept ones that still
    hold."""
    brought = list(pull.payloads.order_by("page", "pk"))
    if brought:
        return [_answer_of(row) for row in brought], brought
    fetched = connector.fetch(ask)
    kept = {row.address: row for row in last}
    answers, rows = [], []
    for page, answer in enumerate(fetched):
        if answer.status == NOT_MODIFIED:
            row = kept[answer.address]
            answers.append(_answer_of(row))
            rows.append(row)
        else:
            answers.append(answer)
            rows += keep(pull.series, [answer], first_page=page)
    pull.payloads.set(rows)
    return answers, rows


def _answer_of(row: Payload) -> Answer:
    return Answer(row.address, row.status, row.content_type, gzip.decompress(row.body), row.etag, row.last_modified)


def keep(series: Series, answers: Sequence[Answer], *, first_page: int = 0) -> list[Payload]:
    """The raw answers; the same bytes from the same address are not stored twice."""
    kept = []
    for page, answer in enumerate(answers, start=first_page):
        digest = hashlib.sha256(answer.body).hexdigest()
        same = series.payloads.filter(sha256=digest, address=answer.address).order_by("-pk").first()
        if same is not None:
            if (same.etag, same.last_modified) != (answer.etag, answer.last_modified):
                same.etag, same.last_modified = answer.etag, answer.last_modified
                same.save(update_fields=["etag", "last_modified"])
            kept.append(same)
            continue
        kept.append(
            Payload.objects.create(
                series=series,
                address=answer.address,
                page=page,
                status=answer.status,
                content_type=answer.content_type,
                etag=answer.etag,
                last_modified=answer.last_modified,
                body=gzip.compress(answer.body, mtime=0),
                size=len(answer.body),
                sha256=digest,
                fetched_at=observation_versions.database_now(),
            )
        )
    return kept


def region_finder() -> RegionFinder:
    return RegionFinder(
        KnownRegion(region.pk, region.bps_code or "", region.name, region.kemendagri_code)
        for region in Region.objects.province_and_regencies()
    )


def _placed(series: Series, table: Table, finder: RegionFinder) -> Placed:
    mapped = {(row.code, row.label): Mapped(row.region_id) for row in RegionMapping.objects.filter(series=series)}
    return place(table.rows, finder, system=code_system(series), mapped=mapped, factor=series.factor)


def code_system(series: Series) -> str:
    """The series' own choice; else what its kind of source always writes."""
    if series.code_system != "automatic":
        return series.code_system
    return connector_for(series.source.kind).code_system


@transaction.atomic
def _finish(pull: Pull, payloads: list[Payload], table: Table, ask: Ask) -> bool:
    series = Series.objects.select_for_update(of=("self",)).select_related("source").get(pk=pull.series_id)
    finder = region_finder()
    placed = _placed(series, table, finder)
    if pull.is_trial:
        _finish_trial(pull, series, table, placed, finder)
        return False
    if problem := _for_a_steward(series, table, placed):
        _fail(pull, problem, alert=True)
        return False
    notes = [*table.notes, *placed.notes]
    if not table.available:
        notes.append(Note(series.name, _("the source has no figures for these years")))
    now = observation_versions.database_now(series)
    years = range(ask.first_year, ask.last_year + 1)
    stored = observation_versions.store(series, payloads, placed.figures, now, seen=placed.seen, years=years)
    if stored.missing:
        text = _("%(count)s figures that were there are no longer in the answer; they stay, marked")
        notes.insert(0, Note(series.name, text % {"count": stored.missing}))
    Pull.objects.filter(pk=pull.pk).update(
        state=PullState.DONE,
        finished_at=now,
        problem="",
        notes=[{"place": note.place, "reason": note.reason} for note in notes[:NOTES_KEPT]],
        added=stored.added,
        revised=stored.revised,
        unchanged=stored.unchanged,
        missing=stored.missing,
    )
    observation_versions.mark_fresh(series, now)
    Source.objects.filter(pk=series.source_id).exclude(consecutive_failures=0, paused_until=None).update(
        consecutive_failures=0, paused_until=None
    )
    if stored.revised:
        audit.record("figures.revised", series, by=pull.requested_by, count=stored.revised, pull=pull.pk)
    if stored.newly_missing:
        text = _("%(series)s: %(count)s figures are missing in the source's last answer.")
        _tell_stewards(text % {"series": series, "count": stored.newly_missing}, pull)
    return stored.changed


def _for_a_steward(series: Series, table: Table, placed: Placed) -> str:
    """What a steward has to decide before anything is stored: nothing may be compared across units."""
    expected = series.source_unit or (series.unit if series.factor == 1 else "")
    if table.unit and expected and table.unit.lower() != expected.lower():
        return _("The unit is now “%(new)s”, it was “%(old)s”.") % {"new": table.unit, "old": expected}
    if table.available and table.rows and not placed.seen:
        return _("No row of the answer is a region of this province. Check the regions of the series.")
    return ""


def _finish_trial(pull: Pull, series: Series, table: Table, placed: Placed, finder: RegionFinder) -> None:
    """What would come, for the steward to look at before anything is stored."""
    pairs = list(dict.fromkeys((row.region_code, row.region_label) for row in table.rows))[:REGIONS_PREVIEWED]
    names = {region.pk: region.name for region in finder.regions}
    preview = {
        "available": table.available,
        "label": table.label,
        "unit": table.unit,
        "last_update": table.last_update,
        "rows": [
            {"code": row.region_code, "label": row.region_label, "period": str(row.period), "value": str(row.value)}
            for row in table.rows[:PREVIEW_ROWS]
        ],
        "row_count": len(table.rows),
        "placed": len(placed.figures),
        "placed_rows": [
            {"region": names[figure.region_pk], "period": str(figure.period), "value": str(figure.value)}
            for figure in placed.figures[:PREVIEW_ROWS]
        ],
        "periods": [str(period) for period in sorted({row.period for row in table.rows})],
        "regions": [_previewed(proposal) for proposal in finder.proposals(pairs, code_system(series))],
        "choices": {name: list(values) for name, values in table.choices.items()},
        "fields": table.fields,
        "sample": table.sample,
    }
    Pull.objects.filter(pk=pull.pk).update(
        state=PullState.DONE,
        finished_at=timezone.now(),
        problem="",
        preview=preview,
        notes=[{"place": note.place, "reason": note.reason} for note in [*table.notes, *placed.notes][:NOTES_KEPT]],
    )


def _previewed(proposal: Proposal) -> dict[str, Any]:
    """What is proposed for a region of the answer, as the setup page shows it."""
    return {
        "code": proposal.code,
        "label": proposal.label,
        "bps": proposal.by_bps.name if proposal.by_bps else "",
        "kemendagri": proposal.by_kemendagri.name if proposal.by_kemendagri else "",
        "name": proposal.by_name.name if proposal.by_name else "",
        "chosen": proposal.chosen.pk if proposal.chosen else None,
        "by": proposal.by,
        "why": proposal.why,
        "is_national": proposal.is_national,
    }


@transaction.atomic
def _fail(pull: Pull, problem: str, *, counts: bool = True, alert: bool = False) -> None:
    """Mark the pull failed, count it against the source, and tell the stewards once when the breaker opens.

    A trial and a file that was handed in count against nobody. `alert`: the stewards must decide something.
    """
    now = timezone.now()
    before = (
        Pull.objects.filter(series_id=pull.series_id, finished_at__isnull=False, is_trial=False)
        .order_by("-pk")
        .values_list("problem", flat=True)
        .first()
    )
    Pull.objects.filter(pk=pull.pk).update(state=PullState.FAILED, finished_at=now, problem=problem)
    if pull.is_trial:
        return
    if alert and before != problem:
        _tell_stewards(f"{pull.series}: {problem}", pull)
    connector = connector_for(pull.series.source.kind)
    if not counts or not connector.needs_address:
        return
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
        _tell_stewards(text, None)


def _tell_stewards(text: str, pull: Pull | None) -> None:
    url = f"/acuan/tarikan/{pull.pk}/" if pull is not None else "/acuan/"
    notify(User.objects.with_role(Role.DATA_STEWARD), text, url)


def tell_stale() -> int:
    """Tell the stewards once about each series whose figures have become too old. Returns how many."""
    stale = [
        series
        for series in Series.objects.active().filter(
            Q(stale_told_at__isnull=True) | Q(stale_told_at__lt=F("pulled_at"))
        )
        if series.is_stale
    ]
    for series in stale:
        text = _("%(series)s is stale: no good pull for longer than its limit.") % {"series": series}
        notify(User.objects.with_role(Role.DATA_STEWARD), text, series.get_absolute_url())
    Series.objects.filter(pk__in=[series.pk for series in stale]).update(stale_told_at=timezone.now())
    return len(stale)
