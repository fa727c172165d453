"""Levels 0 to 5 of validation, set-wise: one statement (values.sql and checks/) for one typed figure and for a
hundred thousand.

A verdict (level 4) is stored with the version of the official figure that it was made against.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.numbers import LARGEST_FIGURE
from core.sql import statement, statements
from datasources.models import Observation
from programs.checks import CHECKS, FIRST_OF_TREND, VERDICT, ValueCheck
from programs.models import ReportValue


def _statement(typed: str) -> str:
    """The one statement over the rows that `typed` selects: what the checks look at, and the checks put into it."""
    checks = sorted(CHECKS.values(), key=lambda check: check.order)
    columns = [column for check in checks for column in _columns(check)]
    return statement("values.sql", beside=__file__).format(
        typed=typed,
        rules=", ".join(columns),
        row_checks=_placed(checks, "", every_row=True),
        first_of_trend=_placed(checks, FIRST_OF_TREND, by="\n"),
        further_checks=_placed(checks, ""),
        verdict=_placed(checks, VERDICT),
    )


def _placed(checks: Sequence[ValueCheck], place: str, *, every_row: bool = False, by: str = ",\n") -> str:
    """The SQL of the checks that go into one place of the statement."""
    return by.join(check.sql for check in checks if check.place == place and check.looks_at_every_row == every_row)


def _columns(check: ValueCheck) -> list[str]:
    """How the rule in force reaches the check: its severity as `rules.<code>`, a parameter as `rules.<code>_<name>`."""
    of_check = f"FILTER (WHERE check_code = '{check.code}') AS {check.code}"
    parameters = [f"max((parameters->>'{name}')::numeric) {of_check}_{name}" for name in check.parameters]
    return [f"max(severity) {of_check}", *parameters]


_ROWS = statements("value_rows.sql", beside=__file__)
VALUES_AT_ONCE = 100_000
STEP = Decimal("0.000001")


@dataclass(frozen=True)
class Examined:
    """What the rules say of one value. `allowed` is half the width of the band that matches, in the value's own
    unit."""

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
        cursor.execute(_statement(_ROWS["of_typed"]), parameters)
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
        pk: _checked(examined, by_pk.get(examined.reference_id or 0), is_typed=pk in typed)
        for pk, examined in found.items()
    }


def _checked(examined: Examined, observation: Observation | None, *, is_typed: bool) -> Checked:
    low = high = None
    if examined.allowed is not None and examined.figure is not None:
        low, high = examined.figure - examined.allowed, examined.figure + examined.allowed
    return Checked(
        examined.verdict if is_typed else None,
        observation,
        examined.is_same_period,
        examined.distance if is_typed else None,
        low,
        high,
    )


@dataclass(frozen=True)
class Changed:
    """A stored value that is judged otherwise than before."""

    pk: int
    report_id: int
    before: str
    after: str


def revalidate_reports(reports: Sequence[int]) -> list[Changed]:
    """Judge the stored values of these reports again and write what is different: three queries, however many
    values."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner cannot know how many rows a CTE has: left to itself it walks through one for each row of another.
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)")
        statement = _ROWS["update"].format(examined=_statement(_ROWS["of_reports"]))
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
