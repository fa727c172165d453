"""The need behind a programme: what a reference series says of it, kept as it was when the programme leaned on it."""

from typing import Any

from core.models import PROVINCE_KEMENDAGRI_CODE
from core.periods import Period
from datasources.choices import WorstSide
from datasources.models import Observation, Series
from programs.choices import Direction
from programs.models import Indicator


def worst_side_of(series: Series) -> WorstSide | None:
    """Where the figures of the series are worst: as its steward says, else as the indicators do that are compared with
    it. None where nobody knows, or they say different things."""
    if series.worst_side:
        return WorstSide(series.worst_side)
    directions = set(Indicator.objects.filter(reference_series=series).values_list("direction", flat=True).distinct())
    if directions == {Direction.MAXIMISE}:
        return WorstSide.LOW
    return WorstSide.HIGH if directions == {Direction.MINIMISE} else None


def snapshot(series: Series, worst: str) -> dict[str, Any]:
    """The newest figure of the province, its change since the period before, and the regions from the worst on.

    `regions` are [kemendagri_code, name, value, rank], rank 1 being the worst; figures are decimal texts. Empty when
    the series has no figures. Two queries at most.
    """
    rows = list(
        Observation.objects.current()
        .filter(series=series)
        .select_related("region", "series__source")
        .order_by("period")
    )
    if not rows:
        return {}
    newest = max(row.period for row in rows)
    whole = [row for row in rows if row.region.kemendagri_code == PROVINCE_KEMENDAGRI_CODE]
    whole.sort(key=lambda row: row.period)
    now, change = _newest_and_change(whole, newest)
    return {
        "series": series.name,
        "source": series.source.name,
        "unit": series.unit,
        "period": str(newest),
        "value": now,
        "change": change,
        "fetched_at": max(row.fetched_at for row in rows).isoformat(),
        "is_sample": series.source.is_sample,
        "trend": [[str(row.period), str(row.value)] for row in whole],
        "regions": _ranked([row for row in rows if row.period == newest], worst),
    }


def _newest_and_change(whole: list[Observation], newest: Period) -> tuple[str | None, str | None]:
    """The province's figure of the newest period, and how far it moved since the one before."""
    now = next((row.value for row in whole if row.period == newest), None)
    before = next((row.value for row in reversed(whole) if row.period != newest), None)
    change = None if now is None or before is None else str(now - before)
    return None if now is None else str(now), change


def _ranked(rows: list[Observation], worst: str) -> list[list[Any]]:
    """Regencies and cities from the worst on: code, name, value, rank."""
    regencies = [row for row in rows if row.region.level == "regency"]
    regencies.sort(key=lambda row: row.value, reverse=worst == WorstSide.HIGH)
    return [
        [row.region.kemendagri_code, row.region.short_name, str(row.value), rank]
        for rank, row in enumerate(regencies, start=1)
    ]


def worst_codes(evidence: dict[str, Any], count: int) -> set[str]:
    """Kemendagri codes of the `count` regions where the problem is worst."""
    return {code for code, _name, _value, rank in evidence.get("regions", []) if rank <= count}
