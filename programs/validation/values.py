"""Levels 0 to 5 of validation, set-wise: one statement (levels.sql) for one typed figure and for a hundred thousand.

A verdict (level 4) is stored with the version of the official figure that it was made against.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.numbers import LARGEST_FIGURE
from datasources.models import Observation
from programs.models import ReportValue

_STATEMENT = (Path(__file__).parent / "values.sql").read_text()
_OF_TYPED = (
    "SELECT * FROM unnest(%(ids)s::bigint[], %(values)s::numeric[], %(numerators)s::numeric[],"
    " %(denominators)s::numeric[])"
)
_OF_REPORTS = (
    "SELECT v.id, v.value, v.numerator, v.denominator FROM programs_reportvalue v WHERE v.report_id = ANY(%(reports)s)"
)
VALUES_AT_ONCE = 100_000
STEP = Decimal("0.000001")


@dataclass(frozen=True)
class Examined:
    """What the rules say of one value. `allowed` is half the width of the band that matches, in the value's own unit."""

    pk: int
    findings: list[dict[str, Any]]
    verdict: str
    reference_id: int | None
    is_same_period: bool
    allowed: Decimal | None
    figure: Decimal | None
    distance: Decimal | None


@dataclass(frozen=True)
class Checked:
    """An examined value with the stored official figure, for the screen. `outcome` is None while nothing is typed."""

    outcome: str | None
    observation: Observation | None
    is_same_period: bool = False
    distance: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def province() -> Region:
    return Region.objects.get(kemendagri_code=PROVINCE_KEMENDAGRI_CODE)


def _common() -> dict[str, Any]:
    return {"today": timezone.localdate(), "province": province().pk, "largest": LARGEST_FIGURE}


def examine(values: Sequence[ReportValue]) -> dict[int, Examined]:
    """What the rules say of these values as they are in memory; all rows of their reports belong into it (level 3, 5).

    Two queries. Nothing is written.
    """
    parameters = _common() | {
        "ids": [value.pk for value in values],
        "values": [value.value for value in values],
        "numerators": [value.numerator for value in values],
        "denominators": [value.denominator for value in values],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(typed=_OF_TYPED), parameters)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {
        row["id"]: Examined(
            row["id"],
            json.loads(row["findings"]) if isinstance(row["findings"], str) else row["findings"],
            row["verdict"],
            row["reference_id"],
            bool(row["is_same_period"]),
            row["allowed"],
            row["figure"],
            row["distance"],
        )
        for row in rows
    }


def apply(values: Sequence[ReportValue]) -> None:
    """Set findings, verdict and reference on the values in memory; the caller saves."""
    found = examine(values)
    now = timezone.now()
    for value in values:
        examined = found[value.pk]
        value.findings = examined.findings
        value.verdict = examined.verdict
        value.reference_id = examined.reference_id if value.value is not None else None
        value.distance = examined.distance if value.value is not None else None
        value.checked_at = now


def previews(values: Sequence[ReportValue]) -> dict[int, Checked]:
    """For each value the verdict and the official figure; before anything is typed the official figure alone."""
    found = examine(values)
    wanted = [examined.reference_id for examined in found.values() if examined.reference_id is not None]
    observations = (
        Observation.objects.filter(pk__in=wanted).select_related("series__source", "payload").defer("payload__body")
    )
    by_pk = {row.pk: row for row in observations}
    typed = {value.pk for value in values if value.value is not None}
    return {
        pk: Checked(
            examined.verdict if pk in typed else None,
            by_pk.get(examined.reference_id) if examined.reference_id else None,
            examined.is_same_period,
            examined.distance if pk in typed else None,
            examined.figure - examined.allowed
            if examined.allowed is not None and examined.figure is not None
            else None,
            examined.figure + examined.allowed
            if examined.allowed is not None and examined.figure is not None
            else None,
        )
        for pk, examined in found.items()
    }


@dataclass(frozen=True)
class Changed:
    """A stored value that is judged otherwise than before."""

    pk: int
    report_id: int
    before: str
    after: str


_UPDATE = """
WITH examined AS ({statement})
UPDATE programs_reportvalue v
   SET findings = e.findings, verdict = e.verdict, distance = CASE WHEN e.value IS NOT NULL THEN e.distance END,
       reference_id = CASE WHEN e.value IS NOT NULL THEN e.reference_id END, checked_at = %(now)s
  FROM examined e
 WHERE v.id = e.id
   AND (e.old_verdict <> e.verdict OR e.old_findings <> e.findings
        OR e.old_reference IS DISTINCT FROM CASE WHEN e.value IS NOT NULL THEN e.reference_id END
        OR e.old_distance IS DISTINCT FROM CASE WHEN e.value IS NOT NULL THEN e.distance END)
RETURNING v.id, v.report_id, e.old_verdict, e.verdict
"""


def revalidate_reports(reports: Sequence[int]) -> list[Changed]:
    """Judge the stored values of these reports again and write what is different: three queries, however many values."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner cannot know how many rows a CTE has: left to itself it walks through one for each row of another.
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)")
        statement = _UPDATE.format(statement=_STATEMENT.format(typed=_OF_REPORTS))
        cursor.execute(statement, _common() | {"reports": list(reports), "now": timezone.now()})
        return [Changed(*row) for row in cursor.fetchall()]


def in_portions(counts: Mapping[int, int], limit: int = VALUES_AT_ONCE) -> Iterator[list[int]]:
    """Reports (pk → number of values) in portions of at most about `limit` values; a report is never split."""
    portion: list[int] = []
    size = 0
    for pk, count in counts.items():
        if portion and size + count > limit:
            yield portion
            portion, size = [], 0
        portion.append(pk)
        size += count
    if portion:
        yield portion


def revalidate(counts: Mapping[int, int]) -> Iterator[Changed]:
    """Portion by portion, each a transaction of its own: nobody waits for a lock longer than one portion takes."""
    for portion in in_portions(counts):
        with transaction.atomic():
            changed: Iterable[Changed] = revalidate_reports(portion)
        yield from changed
