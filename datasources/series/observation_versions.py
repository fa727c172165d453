"""The figures of a series in versions: adding what a pull brought, looking back, comparing, going back.

One clock for all workers: the database's. A worker whose own clock is wrong changes neither the order of versions nor
what is due.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from accounts.models import User
from core import audit, queue
from core.models import Region
from core.periods import Period
from datasources.choices import PullState
from datasources.models import Observation, Payload, Pull, Series
from datasources.permissions import check_may_release, check_may_roll_back
from datasources.pulls.placement import Figure

Key = tuple[int, Period]  # (region, period)
TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Stored:
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    missing: int = 0
    newly_missing: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.revised)


@dataclass(frozen=True)
class FigureDifference:
    """A figure that two versions of a series have differently; None where a version has none."""

    region: Region
    period: Period
    before: Observation | None
    after: Observation | None


def database_now(series: Series | None = None) -> dt.datetime:
    """The database's clock, and never before the newest version of the series (the server may have been changed)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    if series is not None:
        newest = Observation.objects.filter(series=series).aggregate(newest=Max("fetched_at"))["newest"]
        if newest is not None and newest >= now:
            now = newest + TICK
    return now


def store(
    series: Series,
    payloads: Sequence[Payload],
    figures: Iterable[Figure],
    now: dt.datetime,
    *,
    seen: Collection[Key] = (),
    years: range | None = None,
) -> Stored:
    """Add versions for what is new or different; mark what the answer of those `years` no longer has.

    A constant number of statements, however many figures. The caller holds the series' row.
    """
    current = {
        (observation.region_id, observation.period): observation
        for observation in Observation.objects.filter(series=series)
        .current()
        .only("pk", "region_id", "period", "value", "missing_since", "series_id")
    }
    wanted = {(figure.region_pk, figure.period): figure for figure in figures}
    changes = _changes(current, wanted)
    answered = {*seen, *wanted}
    gone = [row for row in _others(current, answered) if row.period.year in (years or ())]
    newly = [row.pk for row in gone if row.missing_since is None]
    fresh = [
        Observation(
            series=series,
            region_id=figure.region_pk,
            period=figure.period,
            value=figure.value,
            payload=payloads[figure.page],
            fetched_at=now,
        )
        for figure in changes.fresh
    ]
    _write(changes.ended, fresh, now)
    _mark([row.pk for row in changes.unchanged if row.missing_since is not None], None)
    _mark(newly, now)
    ended = len(changes.ended)
    return Stored(len(fresh) - ended, ended, len(changes.unchanged), len(gone), len(newly))


def _others(rows: Mapping[Key, Observation], keys: Collection[Key]) -> list[Observation]:
    return [row for key, row in rows.items() if key not in keys]


@dataclass(frozen=True)
class _Changes:
    """What is to be done so that the wanted figures hold: new versions, those that they end, and what stays."""

    fresh: list[Any]
    ended: list[int]
    unchanged: list[Observation]


def _changes(current: Mapping[Key, Observation], wanted: Mapping[Key, Any]) -> _Changes:
    """`wanted`: anything with a `value`, by region and period."""
    found = _Changes([], [], [])
    for key, figure in wanted.items():
        known = current.get(key)
        if known is not None and known.value == figure.value:
            found.unchanged.append(known)
            continue
        if known is not None:
            found.ended.append(known.pk)
        found.fresh.append(figure)
    return found


def _write(ended: Sequence[int], fresh: Sequence[Observation], now: dt.datetime) -> None:
    if ended:
        Observation.objects.filter(pk__in=ended).update(superseded_at=now)
    if fresh:
        Observation.objects.bulk_create(fresh, batch_size=2_000)


def _mark(keys: Sequence[int], missing_since: dt.datetime | None) -> None:
    if keys:
        Observation.objects.filter(pk__in=keys).update(missing_since=missing_since)


def mark_fresh(series: Series, now: dt.datetime) -> None:
    """The series was confirmed at `now` by its source; what is worked out from others is as fresh as its oldest
    part."""
    oldest = series.parts.aggregate(oldest=Min("pulled_at"))["oldest"]
    Series.objects.filter(pk=series.pk).update(pulled_at=min(now, oldest) if oldest else now)
    for derived in Series.objects.filter(parts=series, pulled_at__isnull=False):
        parts = list(derived.parts.values_list("pulled_at", flat=True))
        known = [moment for moment in parts if moment is not None]
        if len(known) == len(parts) and min(known) != derived.pulled_at:
            mark_fresh(derived, min(known))


def figures_after(pull: Pull) -> dict[Key, Observation]:
    """The figures of the series as they stood when this pull had ended."""
    assert pull.finished_at is not None  # noqa: S101 (the caller takes good pulls)
    rows = Observation.objects.filter(series_id=pull.series_id).as_of(pull.finished_at).select_related("region")
    return {(row.region_id, row.period): row for row in rows}


def compare(before: Pull, after: Pull) -> list[FigureDifference]:
    """What differs between the series after one pull and after another, by region and period. Two queries."""
    old, new = figures_after(before), figures_after(after)
    found = []
    for key in sorted(old.keys() | new.keys(), key=lambda key: (key[1], key[0])):
        first, second = old.get(key), new.get(key)
        if first is not None and second is not None and first.value == second.value:
            continue
        shown = first or second
        assert shown is not None  # noqa: S101 (the key is of one of them)
        found.append(FigureDifference(shown.region, shown.period, first, second))
    return found


@transaction.atomic
def roll_back(*, series: Series, to: Pull, by: User, reason: str) -> Pull:
    """Let the figures of an earlier pull hold again, as new versions, and hold the series until a steward releases it.

    Without the hold the next pull would bring back what was just set aside. Raises ValidationError.
    """
    series = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    check_may_roll_back(by, series, to)
    now = database_now(series)
    wanted = figures_after(to)
    current = {(row.region_id, row.period): row for row in Observation.objects.filter(series=series).current()}
    changes = _changes(current, wanted)
    fresh = [
        Observation(
            series=series,
            region_id=row.region_id,
            period=row.period,
            value=row.value,
            payload_id=row.payload_id,
            fetched_at=now,
        )
        for row in changes.fresh
    ]
    withdrawn = [row.pk for row in _others(current, wanted)]
    _write([*changes.ended, *withdrawn], fresh, now)
    pull = Pull.objects.create(
        series=series,
        state=PullState.DONE,
        rolled_back_to=to,
        requested_by=by,
        requested_at=now,
        started_at=now,
        finished_at=now,
        added=len(fresh) - len(changes.ended),
        revised=len(changes.ended),
        unchanged=len(changes.unchanged),
        missing=len(withdrawn),
        progress=reason[:200],
    )
    series.held_since, series.hold_reason = now, reason[:300]
    series.save(update_fields=["held_since", "hold_reason"])
    audit.record("series.rolled_back", series, by=by, reason=reason, to_pull=to.pk, pull=pull.pk)
    tell_higher_floors(series.pk)
    return pull


@transaction.atomic
def release(*, series: Series, by: User, reason: str) -> None:
    """Let the schedule pull the series again."""
    series = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    check_may_release(by, series)
    series.held_since, series.hold_reason = None, ""
    series.save(update_fields=["held_since", "hold_reason"])
    audit.record("series.released", series, by=by, reason=reason)


def tell_higher_floors(series_pk: int) -> None:
    """After the commit: those who compare with these figures, and the series that are worked out from them."""

    queue.send_after_commit("datasources.pulls.tasks.after_change", series_pk)
