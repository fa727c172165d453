"""The need behind a programme: what a reference series says of it, kept as it was when the programme leaned on it."""

from typing import Any

from datasources.models import Observation, Series
from programs.choices import WorstSide


def snapshot(series: Series, worst: str) -> dict[str, Any]:
    """The newest figure of the province, its change since the period before, and the regions from the worst on.

    `regions` are [kemendagri_code, name, value, rank], rank 1 being the worst; figures are decimal texts. Empty when the
    series has no figures. Two queries at most.
    """
    rows = list(
        Observation.objects.current()
        .filter(series=series)
        .select_related("region", "series__source")
        .order_by("period")
    )
    if not rows:
        return {}
    periods = sorted({row.period for row in rows})
    newest = periods[-1]
    at = {(row.region.kemendagri_code, row.period): row.value for row in rows}
    regions = sorted(
        (row for row in rows if row.period == newest and row.region.level == "regency"),
        key=lambda row: row.value,
        reverse=worst == WorstSide.HIGH,
    )
    whole = at.get(("64", newest))
    before = next((at["64", period] for period in reversed(periods[:-1]) if ("64", period) in at), None)
    return {
        "series": series.name,
        "source": series.source.name,
        "unit": series.unit,
        "period": str(newest),
        "value": None if whole is None else str(whole),
        "change": None if whole is None or before is None else str(whole - before),
        "fetched_at": max(row.fetched_at for row in rows).isoformat(),
        "is_sample": series.source.is_sample,
        "trend": [[str(period), str(at["64", period])] for period in periods if ("64", period) in at],
        "regions": [
            [row.region.kemendagri_code, row.region.short_name, str(row.value), rank]
            for rank, row in enumerate(regions, start=1)
        ],
    }


def worst_codes(evidence: dict[str, Any], count: int) -> set[str]:
    """Kemendagri codes of the `count` regions where the problem is worst."""
    return {code for code, _name, _value, rank in evidence.get("regions", []) if rank <= count}
