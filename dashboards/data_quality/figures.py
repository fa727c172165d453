"""How good the reported data are: complete, on time, consistent, matching, explained; per OPD and per indicator.

Score = Σ weight × share ÷ Σ weight over the parts that there is something to say of, from 0 to 100. The parts follow
WHO's data-quality toolkit (completeness, timeliness, internal and external consistency) and Perpres 39/2019
(explained).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Agency, User
from core.periods import Period
from datasources.choices import NEEDS_REASON, Verdict
from programs.choices import CATEGORIES, Frequency, ReportState
from programs.deadlines import due_months, due_quarters
from programs.models import Indicator, Program, Report, ReportValue, reporting_calendar

LAST_QUARTER = 4
WEIGHTS = {"complete": 30, "on_time": 20, "consistent": 15, "matching": 25, "explained": 10}


@dataclass(frozen=True)
class Quality:
    """Counts; each share is None where there is nothing to divide by."""

    expected: int = 0
    reported: int = 0
    due: int = 0
    on_time: int = 0
    clean: int = 0
    judged: int = 0
    matching: int = 0
    to_explain: int = 0
    explained: int = 0

    def __add__(self, other: "Quality") -> "Quality":
        return Quality(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})

    @property
    def shares(self) -> dict[str, Decimal | None]:
        """In per cent, by the names of WEIGHTS."""
        return {
            "complete": _percent(min(self.reported, self.expected), self.expected),
            "on_time": _percent(self.on_time, self.due),
            "consistent": _percent(self.clean, self.reported),
            "matching": _percent(self.matching, self.judged),
            "explained": _percent(self.explained, self.to_explain),
        }

    @property
    def score(self) -> Decimal | None:
        known = {name: share for name, share in self.shares.items() if share is not None}
        weight = sum(WEIGHTS[name] for name in known)
        if not weight:
            return None
        return sum((WEIGHTS[name] * share for name, share in known.items()), Decimal(0)) / weight


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(part * 100) / whole if whole else None


@dataclass(frozen=True)
class AgencyQuality:
    agency: Agency
    whole: Quality
    quarters: list[tuple[Period, Quality]] = field(default_factory=list)

    @property
    def trend(self) -> Decimal | None:
        """Points of the last quarter against the one before."""
        scores = [quality.score for _quarter, quality in self.quarters if quality.score is not None]
        return scores[-1] - scores[-2] if len(scores) > 1 else None


@dataclass(frozen=True)
class IndicatorQuality:
    pk: int
    name: str
    agency: str
    program: str
    whole: Quality


def by_agency(user: User, fiscal_year: int, today: dt.date) -> list[AgencyQuality]:
    """The OPD that the user may see, the lowest score first. Five queries, however many reports there are."""
    programs = Program.objects.visible_to(user).registered().filter(fiscal_year=fiscal_year)
    quarters = due_quarters(fiscal_year, today)
    found: dict[tuple[int, Period], Quality] = defaultdict(Quality)
    _add_values(found, programs, quarters)
    _add_expected(found, programs, quarters)
    _add_reports(found, programs, fiscal_year, today)
    agencies = Agency.objects.with_former().filter(pk__in={agency for agency, _quarter in found}).order_by("name")
    rows = []
    for agency in agencies:
        parts = [(quarter, found[agency.pk, quarter]) for quarter in quarters if (agency.pk, quarter) in found]
        rows.append(AgencyQuality(agency, sum((part for _quarter, part in parts), Quality()), parts))
    return sorted(rows, key=lambda row: (row.whole.score is None, row.whole.score or 0))


_COUNTS = {
    "reported": Count("pk", filter=Q(value__isnull=False)),
    "clean": Count("pk", filter=Q(value__isnull=False, findings=[])),
    "judged": Count("pk", filter=Q(value__isnull=False) & ~Q(verdict=Verdict.NO_REFERENCE)),
    "matching": Count("pk", filter=Q(value__isnull=False, verdict=Verdict.MATCHES)),
    "to_explain": Count("pk", filter=Q(value__isnull=False) & (Q(verdict__in=NEEDS_REASON) | ~Q(findings=[]))),
    "explained": Count(
        "pk", filter=Q(value__isnull=False) & (Q(verdict__in=NEEDS_REASON) | ~Q(findings=[])) & ~Q(reason="")
    ),
}


def _delivered(programs: Any, quarters: Iterable[Period]) -> Any:
    return ReportValue.objects.delivered().filter(report__program__in=programs, report__period__in=list(quarters))


def _add_values(found: dict[tuple[int, Period], Quality], programs: Any, quarters: list[Period]) -> None:
    rows = _delivered(programs, quarters).values("report__program__agency", "report__period").annotate(**_COUNTS)
    for row in rows:
        found[row["report__program__agency"], row["report__period"]] += Quality(**{name: row[name] for name in _COUNTS})


def _add_expected(found: dict[tuple[int, Period], Quality], programs: Any, quarters: list[Period]) -> None:
    """One value per indicator, region where it is reported by region, and category; yearly ones in the last quarter."""
    regions = dict(programs.annotate(count=Count("regions")).values_list("pk", "count"))
    indicators = Indicator.objects.filter(program__in=programs).select_related("program")
    for indicator in indicators.only(
        "by_region",
        "with_total",
        "disaggregation",
        "frequency",
        "program__agency_id",
        "program_id",
        "program__fiscal_year",
        "program__reports_from",
    ):
        places = regions[indicator.program_id] + indicator.with_total if indicator.by_region else 1
        rows = places * (1 + len(CATEGORIES[indicator.disaggregation]))
        for quarter in quarters:
            is_wanted = indicator.frequency == Frequency.QUARTERLY or quarter.number == LAST_QUARTER
            if is_wanted and indicator.program.owes(quarter):
                found[indicator.program.agency_id, quarter] += Quality(expected=rows)


def _add_reports(found: dict[tuple[int, Period], Quality], programs: Any, fiscal_year: int, today: dt.date) -> None:
    """Monthly and quarterly reports that are due; a month counts in its quarter."""
    calendar = reporting_calendar()
    quarters = due_quarters(fiscal_year, today)
    sent = _days_of_sending(programs)
    for program, agency, period in _owed(programs, quarters, due_months(fiscal_year, today)):
        day = sent.get((program, period))
        if day is None and not calendar.is_late(period, today):
            continue  # there is time left
        quarter = next((each for each in quarters if each.contains(period)), None)
        if quarter is not None:
            in_time = day is not None and not calendar.is_late(period, day)
            found[agency, quarter] += Quality(due=1, on_time=int(in_time))


def _owed(programs: Any, quarters: list[Period], months: list[Period]) -> Iterator[tuple[int, int, Period]]:
    """(programme, OPD, period) of each report: quarterly with indicators, monthly with sub-activities."""
    owing = programs.annotate(
        has_indicators=Count("indicators", distinct=True), has_parts=Count("activities__sub_activities", distinct=True)
    )
    for program in owing:
        for period in [*(quarters if program.has_indicators else []), *(months if program.has_parts else [])]:
            if program.owes(period):
                yield program.pk, program.agency_id, period


def _days_of_sending(programs: Any) -> dict[tuple[int, Period], dt.date]:
    """When each report was first sent, by programme and period."""
    reports = Report.objects.filter(program__in=programs, revision=0, submitted_at__isnull=False)
    rows = reports.values_list("program_id", "period", "submitted_at")
    return {(program, period): timezone.localdate(moment) for program, period, moment in rows if moment is not None}


def by_indicator(user: User, fiscal_year: int, today: dt.date) -> list[IndicatorQuality]:
    """Indicators with delivered values, the lowest score first. One query."""
    programs = Program.objects.visible_to(user).registered().filter(fiscal_year=fiscal_year)
    rows = (
        _delivered(programs, due_quarters(fiscal_year, today))
        .values("indicator", "indicator__name", "report__program__agency__short_name", "report__program__name")
        .annotate(**_COUNTS)
        .order_by("indicator")
    )
    found = [
        IndicatorQuality(
            row["indicator"],
            row["indicator__name"],
            row["report__program__agency__short_name"],
            row["report__program__name"],
            Quality(**{name: row[name] for name in _COUNTS}),
        )
        for row in rows
        if row["reported"]
    ]
    return sorted(found, key=lambda row: (row.whole.score is None, row.whole.score or 0, -row.whole.reported))


def province(rows: Iterable[AgencyQuality]) -> AgencyQuality | None:
    """All OPD together, by quarter."""
    rows = list(rows)
    if not rows:
        return None
    quarters: dict[Period, Quality] = defaultdict(Quality)
    for row in rows:
        for quarter, quality in row.quarters:
            quarters[quarter] += quality
    parts = sorted(quarters.items())
    return replace(rows[0], whole=sum((quality for _quarter, quality in parts), Quality()), quarters=parts)


DELIVERED = [str(state.value) for state in ReportState.delivered()]
