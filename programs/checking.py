"""Reported values against the stored official figures: set-based, a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from datasources import validation
from datasources.models import Observation
from programs.models import Indicator, ReportValue

Key = tuple[int, int]  # (series, region)


@dataclass(frozen=True)
class Checked:
    """A judgement with the stored figure behind it, for the screen."""

    judgement: validation.Judgement
    observation: Observation | None


def references_for(pairs: Iterable[Key]) -> dict[Key, list[Observation]]:
    """Current official figures of the wanted (series, region) pairs; one query."""
    wanted = set(pairs)
    found: dict[Key, list[Observation]] = defaultdict(list)
    if not wanted:
        return found
    rows = (
        Observation.objects.current()
        .filter(
            series_id__in={series for series, _region in wanted}, region_id__in={region for _series, region in wanted}
        )
        .select_related("series__source", "payload")
        .defer("payload__body")
        .order_by("period")
    )
    for row in rows:
        found[row.series_id, row.region_id].append(row)
    return found


def check(value: Decimal, period: Period, indicator: Indicator, observations: list[Observation]) -> Checked:
    by_pk = {observation.pk: observation for observation in observations}
    references = [validation.Reference(row.pk, row.period, row.value) for row in observations]
    kind = validation.Tolerance(indicator.tolerance_kind)
    judgement = validation.judge(value, period, references, kind, indicator.tolerance)
    reference = judgement.reference
    return Checked(judgement, by_pk[reference.pk] if reference else None)


def check_or_preview(
    value: Decimal | None, period: Period, indicator: Indicator, observations: list[Observation]
) -> Checked:
    """Like `check`; before anything is typed, the official figure alone, so that it can be seen beforehand."""
    if value is not None:
        return check(value, period, indicator, observations)
    references = [validation.Reference(row.pk, row.period, row.value) for row in observations]
    reference = validation.reference_for(period, references)
    shown = next((row for row in observations if reference and row.pk == reference.pk), None)
    same = reference is not None and reference.period == period
    return Checked(validation.Judgement(None, reference, same), shown)


def apply(values: Iterable[ReportValue]) -> list[ReportValue]:
    """Judge each value (report, indicator loaded) in memory; returns those whose verdict or reference changed.

    One query for the references, none for writing: the caller saves.
    """
    values = list(values)
    references = references_for(
        (value.indicator.reference_series_id, value.region_id)
        for value in values
        if value.indicator.reference_series_id is not None
    )
    now = timezone.now()
    changed = []
    for value in values:
        before = (value.verdict, value.reference_id, value.distance)
        series_id = value.indicator.reference_series_id
        if value.value is None or series_id is None:
            verdict: validation.Outcome | None = validation.Outcome.NO_REFERENCE
            reference_id, distance = None, None
        else:
            checked = check(value.value, value.report.period, value.indicator, references[series_id, value.region_id])
            verdict = checked.judgement.outcome
            reference_id = checked.observation.pk if checked.observation else None
            distance = checked.judgement.distance
            distance = distance.quantize(Decimal("0.000001")) if distance is not None else None
        value.verdict, value.reference_id, value.distance = str(verdict), reference_id, distance
        value.checked_at = now
        if before != (value.verdict, value.reference_id, value.distance):
            changed.append(value)
    return changed


def province() -> Region:
    return Region.objects.get(kemendagri_code=PROVINCE_KEMENDAGRI_CODE)
