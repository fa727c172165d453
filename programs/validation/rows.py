"""The rows of reports judged by levels 1 to 5, with what the database knows about them. A constant number of
queries.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from core.periods import Period, PeriodKind
from datasources.models import Observation
from programs.choices import ReportKind, ReportState
from programs.models import Evidence, Program, Progress, Recipients, Report, ReportValue
from programs.validation import progress as progress_checks
from programs.validation import values as validation_values

HISTORY_YEARS = 2
ReportedRow = ReportValue | Progress | Recipients
RowKey = tuple[int, int, str]  # (indicator, region, category)


@dataclass
class ReportedRows:
    """The rows of some reports, loaded once with what judging needs."""

    values: list[ReportValue] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    recipients: list[Recipients] = field(default_factory=list)

    def everything(self) -> list[ReportedRow]:
        return [*self.values, *self.progress, *self.recipients]

    def add(self, row: ReportedRow) -> None:
        match row:
            case ReportValue():
                self.values.append(row)
            case Progress():
                self.progress.append(row)
            case _:
                self.recipients.append(row)


def rows_of(reports: Iterable[Report]) -> ReportedRows:
    """Three queries; rows in the order of the screen."""
    pks = [report.pk for report in reports]
    return ReportedRows(
        list(
            ReportValue.objects.filter(report__in=pks)
            .select_related(
                "indicator__unit",
                "indicator__reference_series__source",
                "region",
                "report__program",
                "reference",
                "changed_by",
            )
            .order_by("report__program_id", "indicator_id", "region__kemendagri_code", "category")
        ),
        list(
            Progress.objects.filter(report__in=pks)
            .select_related("sub_activity__nomenclature", "report__program", "changed_by")
            .order_by("report__program_id", "sub_activity__nomenclature__code", "sub_activity_id")
        ),
        list(
            Recipients.objects.filter(report__in=pks)
            .select_related("region", "report__program", "changed_by")
            .order_by("report__program_id", "region__kemendagri_code")
        ),
    )


def value_histories(values: Sequence[ReportValue], period: Period) -> dict[RowKey, list[tuple[Period, Decimal]]]:
    """Earlier values of the same rows within two years, oldest first. One query."""
    found: dict[RowKey, list[tuple[Period, Decimal]]] = defaultdict(list)
    earliest = dt.date(period.year - HISTORY_YEARS, 1, 1)
    rows = (
        ReportValue.objects.filter(
            indicator__in={value.indicator_id for value in values},
            report__is_current=True,
            report__period__startswith__lt=period.first_day,
            report__period__startswith__gte=earliest,
            value__isnull=False,
        )
        .order_by("report__period")
        .values_list("indicator_id", "region_id", "category", "report__period", "value")
    )
    for indicator, region, category, when, figure in rows:
        assert figure is not None  # noqa: S101 (filtered above)
        found[indicator, region, category].append((when, figure))
    return found


def last_progress(progress: Sequence[Progress], period: Period) -> dict[int, Progress]:
    """The newest earlier month of the year with a figure, by sub-activity. One query."""
    rows = (
        Progress.objects.filter(
            sub_activity__in={row.sub_activity_id for row in progress},
            report__is_current=True,
            report__period__startswith__lt=period.first_day,
            report__period__startswith__gte=dt.date(period.year, 1, 1),
        )
        .filter(Q(financial_rupiah__isnull=False) | Q(physical_percent__isnull=False))
        .order_by("sub_activity_id", "-report__period")
        .distinct("sub_activity_id")
        .select_related("report")
    )
    return {row.sub_activity_id: row for row in rows}


def populations(region_ids: Iterable[int]) -> dict[int, Decimal]:
    """The newest population of each region, in people, where a series is marked as the population. One query."""
    rows = (
        Observation.objects.current()
        .filter(series__is_population=True, region_id__in=set(region_ids))
        .order_by("period")
        .values_list("region_id", "series__unit", "value")
    )
    return {region: value * 1000 if "ribu" in unit.lower() else value for region, unit, value in rows}


def spent_of_programs(
    program_ids: Iterable[int], until: Period, *, delivered: bool = False
) -> dict[int, tuple[Decimal, Decimal]]:
    """(spent, ceiling) in Rp by programme, by the newest monthly figures up to the end of the period. One query.

    `delivered`: only by reports that were sent, for what others see.
    """
    states = ReportState.delivered() if delivered else ReportState.values
    rows = (
        Progress.objects.filter(
            report__state__in=states,
            report__program__in=set(program_ids),
            report__kind=ReportKind.MONTH,
            report__is_current=True,
            report__period__startswith__lt=until.end,
            report__period__startswith__gte=dt.date(until.year, 1, 1),
            financial_rupiah__isnull=False,
        )
        .order_by("sub_activity_id", "-report__period")
        .distinct("sub_activity_id")
        .values_list("report__program_id", "financial_rupiah", "sub_activity__ceiling_rupiah")
    )
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for program, spent, ceiling in rows:
        assert spent is not None  # noqa: S101 (filtered above)
        before = found.get(program, (Decimal(0), Decimal(0)))
        found[program] = (before[0] + spent, before[1] + ceiling)
    return found


def spent_in_year(program: Program) -> Decimal:
    """What the programme has spent by its newest delivered monthly figures, in Rp."""
    found = spent_of_programs([program.pk], Period(program.fiscal_year), delivered=True)
    return found.get(program.pk, (Decimal(0), Decimal(0)))[0]


def judge(rows: ReportedRows, period: Period) -> None:
    """Set `findings` and the verdict on every row, in memory; the caller saves."""
    if rows.values:
        validation_values.apply(rows.values)
    if rows.progress:
        _judge_progress(rows.progress, period)
    if rows.recipients:
        _judge_recipients(rows.recipients)


def _judge_progress(progress: list[Progress], period: Period) -> None:
    last = last_progress(progress, period)
    for row in progress:
        before = last.get(row.sub_activity_id)
        found = progress_checks.check_progress(
            financial=row.financial_rupiah,
            physical=row.physical_percent,
            planned=row.planned_rupiah,
            ceiling=row.sub_activity.ceiling_rupiah,
            last_financial=before.financial_rupiah if before else None,
            last_physical=before.physical_percent if before else None,
        )
        row.findings = [finding.as_json() for finding in found]


def _judge_recipients(recipients: list[Recipients]) -> None:
    people = populations(row.region_id for row in recipients)
    for row in recipients:
        found = progress_checks.check_split(
            row.people,
            {
                "sex": [("male", row.male), ("female", row.female)],
                "age": [("children", row.children), ("adults", row.adults), ("elderly", row.elderly)],
                "disability": [("disabled", row.disabled)],
            },
        )
        if row.people is not None:
            found += progress_checks.check_population(Decimal(row.people), people.get(row.region_id), "people")
        row.findings = [finding.as_json() for finding in found]


def is_due(value: ReportValue) -> bool:
    """A yearly indicator is reported in the fourth quarter only."""
    quarter = value.report.period
    return value.indicator.frequency != "yearly" or quarter.number == 4 or quarter.kind is PeriodKind.YEAR  # noqa: PLR2004


@dataclass(frozen=True)
class Obstacles:
    """What keeps a report from being sent: rows without a figure, with errors, without a reason, without a file."""

    blank: list[ReportValue | Progress]
    wrong: list[ReportedRow]
    silent: list[ReportedRow]
    without_file: list[ReportValue]

    def __bool__(self) -> bool:
        return bool(self.blank or self.wrong or self.silent or self.without_file)


def obstacles(rows: ReportedRows) -> Obstacles:
    """One query at most."""
    return Obstacles(
        blank=_blank(rows),
        wrong=[row for row in rows.everything() if row.has_errors],
        silent=[row for row in rows.everything() if row.needs_reason and not row.reason.strip()],
        without_file=_without_file(rows.values),
    )


def _blank(rows: ReportedRows) -> list[ReportValue | Progress]:
    """Rows that are due and have no figure, not even one that cannot be read."""
    values = [row for row in rows.values if row.value is None and is_due(row)]
    progress = [row for row in rows.progress if row.financial_rupiah is None or row.physical_percent is None]
    both: list[ReportValue | Progress] = [*values, *progress]
    return [row for row in both if not row.typed]


def _without_file(values: list[ReportValue]) -> list[ReportValue]:
    """Reported values that need an evidence file and have none."""
    wanted = [value for value in values if value.indicator.needs_evidence and value.value is not None]
    if not wanted:
        return []
    with_files = set(Evidence.objects.filter(value__in=wanted).values_list("value_id", flat=True))
    return [value for value in wanted if value.pk not in with_files]
