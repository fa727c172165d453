"""What is likely to go wrong: rules and forecasts over this year's figures. Finds; `dashboards.early_warnings.services` keeps.

Each rule is one function with a constant number of queries. A warning is ranked by people affected × money.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, ExpressionWrapper, IntegerField, OuterRef, Subquery, Sum

from accounts.models import Agency
from core.forecasting import MONTHS, Curve, Forecast
from core.models import PROVINCE_KEMENDAGRI_CODE
from core.periods import Period, PeriodKind
from dashboards.choices import WarningKind
from dashboards.early_warnings import forecasts
from dashboards.filters import DashboardFilter, link
from dashboards.models import ProgramStanding
from datasources.models import Observation
from procurement.choices import Method, PackageState
from procurement.models import Contract, Package
from programs.choices import IMPACT_LEVELS, Direction, ReportKind
from programs.models import Indicator, Program, Report, ReportValue, reporting_calendar
from programs.reports.achievement import Way, achievement
from spm import target_forecast
from spm.models import ServiceKind
from spm.periods import month_of

LOW_ABSORPTION = 85.0  # per cent of the budget at the end of the year below which a warning is due
REACHED = 90.0  # per cent of the target, as for "on track"
FIRST_MONTH = 3  # before April the year says too little
YEARS_BACK = 3
TURN = Decimal("0.01")  # a change of less than one per cent of the figure is no turn
STALLED_FROM = (7, 1)
CONTRACT_BY = (10, 31)  # later than this the work cannot be finished within the year
PREPARING_DAYS = 14  # from the plan to the announcement
LEAD_DAYS = {  # from announcement to contract, where the portal has seen too few contracts (Perpres 16/2018, LKPP 12/2021)
    Method.TENDER: 60, Method.SELECTION: 60, Method.QUICK_TENDER: 21, Method.DIRECT_PROCUREMENT: 14,
    Method.DIRECT_APPOINTMENT: 21, Method.E_PURCHASING: 14,
}  # fmt: skip
LEAST_CONTRACTS = 10
MOST_KEPT = 500


@dataclass
class Found:
    """`key` names the subject within its kind; `facts` are figures for the words, as JSON can hold them."""

    kind: WarningKind
    key: str
    agency: int | None
    program: int | None
    subject: str
    url: str
    people: int
    rupiah: Decimal
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """People affected × money; one of each at least, so that a gap in one does not hide the other."""
        return float(max(self.people, 1)) * float(max(self.rupiah, Decimal(1)))


def spending_curves(years: list[int]) -> dict[int, tuple[int, dict[int, float]]]:
    """By programme: (year, month → per cent of the budget spent), from delivered monthly reports. One query."""
    sums = (
        Report.objects.delivered()
        .filter(
            kind=ReportKind.MONTH, program__fiscal_year__in=years, program__state="registered",
            program__budget_rupiah__gt=0, progress__financial_rupiah__isnull=False,
        )
        .order_by()
        .values_list("program", "program__fiscal_year", "program__budget_rupiah", "period")
        .annotate(spent=Sum("progress__financial_rupiah"))
    )  # fmt: skip
    curves: dict[int, tuple[int, dict[int, float]]] = {}
    for program, year, budget, period, spent in sums:
        curves.setdefault(program, (year, {}))[1][period.number] = float(spent) * 100 / float(budget)
    return curves


def achievement_curves(years: list[int]) -> dict[int, tuple[int, dict[int, float]]]:
    """By outcome indicator: (year, quarter → achievement of the year's target in per cent). Two queries."""
    means = (
        ReportValue.objects.delivered()
        .filter(
            indicator__program__fiscal_year__in=years, indicator__level__in=IMPACT_LEVELS, category="",
            value__isnull=False, report__kind=ReportKind.QUARTER,
        )
        .exclude(indicator__direction=Direction.BAND)
        .order_by()
        .values_list("indicator", "report__period")
        .annotate(mean=Avg("value"))
    )  # fmt: skip
    rows = list(means)
    indicators = {
        row.pk: row
        for row in Indicator.objects.filter(pk__in={indicator for indicator, _period, _mean in rows}).select_related(
            "program"
        )
    }
    curves: dict[int, tuple[int, dict[int, float]]] = {}
    for key, period, mean in rows:
        indicator = indicators[key]
        percent = achievement(mean, indicator.target, Way(indicator.direction)).percent
        if percent is not None:
            curves.setdefault(key, (indicator.program.fiscal_year, {}))[1][period.number] = float(percent)
    return curves


def find(year: int, today: dt.date) -> list[Found]:
    """All warnings of the year, as of today."""
    found: list[Found] = []
    for rule in RULES:
        found += rule(year, today)
    return found


def low_absorption(year: int, _today: dt.date) -> list[Found]:
    """Programmes expected to end the year below LOW_ABSORPTION."""
    curves = spending_curves([year, *range(year - YEARS_BACK, year)])
    finished: list[Curve] = [curve for of, curve in curves.values() if of < year and MONTHS in curve]
    ahead: dict[int, tuple[Forecast, float, int]] = {}
    for program, (of, curve) in curves.items():
        month = max(curve)
        if of == year and FIRST_MONTH <= month < MONTHS:
            seen = forecasts.absorption(curve, finished)
            if seen is not None and seen.value < LOW_ABSORPTION:
                ahead[program] = (seen, curve[month], month)
    rows = Program.objects.filter(pk__in=ahead).select_related("agency")
    return [
        Found(
            WarningKind.ABSORPTION, str(row.pk), row.agency_id, row.pk, row.name, row.get_absolute_url(), _people(row),
            (row.budget_rupiah * Decimal(LOW_ABSORPTION - ahead[row.pk][0].value) / 100).quantize(Decimal(1)),
            _facts(ahead[row.pk][0]) | {"now": round(ahead[row.pk][1], 2), "month": ahead[row.pk][2]},
        )
        for row in rows
    ]  # fmt: skip


def low_achievement(year: int, _today: dt.date) -> list[Found]:
    """Outcome indicators expected to stay below REACHED per cent of their target."""
    ahead: dict[int, tuple[Forecast, float, int]] = {}
    for key, (_of, curve) in achievement_curves([year]).items():
        seen = forecasts.achievement(curve)
        if seen is not None and seen.value < REACHED:
            ahead[key] = (seen, curve[max(curve)], max(curve))
    rows = Indicator.objects.filter(pk__in=ahead).select_related("program")
    return [
        Found(
            WarningKind.ACHIEVEMENT, str(row.pk), row.program.agency_id, row.program_id,
            f"{row.name} ({row.program.name})"[:300], row.program.get_absolute_url(), _people(row.program),
            row.program.budget_rupiah,
            _facts(ahead[row.pk][0]) | {"now": round(ahead[row.pk][1], 2), "quarter": ahead[row.pk][2]},
        )
        for row in rows
    ]  # fmt: skip


def late_reports(year: int, today: dt.date) -> list[Found]:
    """By OPD and quarter: quarterly reports whose last day has passed."""
    calendar = reporting_calendar()
    missing = (
        ProgramStanding.objects.filter(fiscal_year=year, due=1, delivered=0)
        .order_by()
        .values("agency", "quarter")
        .annotate(count=Count("pk"), of_people=Sum("people"), of_budget=Sum("budget_rupiah"))
    )
    names = dict(Agency.objects.values_list("pk", "name"))
    found = []
    for row in missing:
        period = Period(year, PeriodKind.QUARTER, row["quarter"])
        days = (today - calendar.deadline(period)).days
        if days > 0:
            url = DashboardFilter(year, agency=row["agency"]).link("programs:programs", state="registered")
            found.append(
                Found(
                    WarningKind.LATE, f"{row['agency']}-{row['quarter']}", row["agency"], None, names[row["agency"]],
                    url, row["of_people"], row["of_budget"],
                    {"count": row["count"], "quarter": row["quarter"], "days": days},
                )
            )  # fmt: skip
    return found


def lead_days(year: int) -> dict[str, int]:
    """Median days from announcement to contract by method, of the last years; LEAD_DAYS where too few are known."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p.method, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.signed_on - p.announced_at::date)
            FROM {Contract._meta.db_table} c JOIN {Package._meta.db_table} p ON p.id = c.package_id
            WHERE c.superseded_at IS NULL AND p.announced_at IS NOT NULL AND p.fiscal_year BETWEEN %s AND %s
              AND c.signed_on >= p.announced_at::date
            GROUP BY 1 HAVING count(*) >= %s""",  # noqa: S608, SLF001 (names of our own tables)
            [year - YEARS_BACK, year, LEAST_CONTRACTS],
        )
        seen = {method: int(days) for method, days in cursor.fetchall()}
    return {str(method): days for method, days in LEAD_DAYS.items()} | seen


def stalled_packages(year: int, today: dt.date) -> list[Found]:
    """By OPD and method, from July on: packages whose contract would come after CONTRACT_BY."""
    if not dt.date(year, *STALLED_FROM) <= today <= dt.date(year, 12, 31):
        return []
    days = lead_days(year)
    last = dt.date(year, *CONTRACT_BY)
    rows = (
        Package.objects.of_year(year)
        .filter(state__in=[PackageState.PLANNED, PackageState.ANNOUNCED], method__in=days)
        .values_list("pk", "agency", "method", "state", "announced_at", "ceiling_rupiah", "program__target_count")
    )
    groups: dict[tuple[int, str], list[tuple[int, Decimal, int, dt.date]]] = defaultdict(list)
    for pk, agency, method, state, announced, ceiling, people in rows.iterator():
        start = announced.date() if announced else today
        wait = days[method] + (PREPARING_DAYS if state == PackageState.PLANNED else 0)
        expected = max(start + dt.timedelta(wait), today)
        if expected > last:
            groups[agency, method].append((pk, ceiling, people or 0, expected))
    names = dict(Agency.objects.values_list("pk", "name"))
    return [
        Found(
            WarningKind.STALLED, f"{agency}-{method}", agency, None, f"{names[agency]}: {Method(method).label}",
            DashboardFilter(year, agency=agency).link("procurement:packages", method=method),
            max(people for _pk, _ceiling, people, _expected in group), sum((item[1] for item in group), Decimal(0)),
            {"count": len(group), "method": method, "days": days[method], "until": max(item[3] for item in group).isoformat(),
             "packages": [item[0] for item in group[:MOST_KEPT]]},
        )
        for (agency, method), group in groups.items()
    ]  # fmt: skip


def worse_references(year: int, _today: dt.date) -> list[Found]:
    """Official figures that programmes rest on, which improved or stood still before and now turned for the worse."""
    wanted: dict[tuple[int, int], tuple[bool, Program]] = {}  # (series, region) → (high is bad, the largest programme)
    programs = (
        Program.objects.registered().of_year(year).prefetch_related("regions", "indicators").order_by("budget_rupiah")
    )
    for program in programs:
        uses = [(program.evidence_series_id, program.evidence_worst == "high")] if program.evidence_series_id else []
        uses += [
            (each.reference_series_id, each.direction == Direction.MINIMISE)
            for each in program.indicators.all()
            if each.reference_series_id and each.direction != Direction.BAND
        ]
        for series, high_is_bad in uses:
            for region in program.regions.all():
                wanted[series, region.pk] = (high_is_bad, program)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT series_id, region_id, array_agg(value ORDER BY period DESC), max(lower(period)) FROM (
                SELECT series_id, region_id, value, period, row_number() OVER (PARTITION BY series_id, region_id ORDER BY period DESC) AS n
                  FROM datasources_observation WHERE superseded_at IS NULL AND series_id = ANY(%s)
                   AND lower(period) < make_date(%s + 1, 1, 1)
            ) newest WHERE n <= 3 GROUP BY 1, 2 HAVING count(*) = 3""",
            [list({series for series, _region in wanted}), year],
        )
        newest = [row for row in cursor.fetchall() if (row[0], row[1]) in wanted]
    labels = {
        (row["series"], row["region"]): (row["series__name"], row["region__name"])
        for row in Observation.objects.current()
        .filter(series__in={row[0] for row in newest})
        .values("series", "region", "series__name", "region__name")
        .distinct()
    }
    found = []
    for series, region, (now, before, earlier), since in newest:
        high_is_bad, program = wanted[series, region]
        sign = 1 if high_is_bad else -1
        turned = sign * (now - before) > abs(before) * TURN and sign * (before - earlier) <= 0
        if turned:
            name, place = labels[series, region]
            found.append(
                Found(
                    WarningKind.REFERENCE, f"{series}-{region}", program.agency_id, program.pk, f"{name}: {place}"[:300],
                    link("map", tahun=year, ukuran=f"seri-{series}"), _people(program), program.budget_rupiah,
                    {"now": float(now), "before": float(before), "year": since.year},
                )
            )  # fmt: skip
    return found


def sliding_services(year: int, _today: dt.date) -> list[Found]:
    """SPM services of the province that are not expected to reach their target by December."""
    month = month_of(Period(year))
    if month is None:
        return []
    behind = target_forecast.of_province(target_forecast.outlooks(month))
    first = ServiceKind.agencies.through.objects.filter(servicekind=OuterRef("pk")).order_by("pk").values("agency")[:1]
    owners = dict(
        ServiceKind.objects.filter(pk__in=[each.service.pk for each in behind])
        .annotate(owner=ExpressionWrapper(Subquery(first), output_field=IntegerField()))
        .values_list("pk", "owner")
    )
    budgets = dict(
        Program.objects.registered().of_year(year).filter(service__in=owners).order_by()
        .values_list("service").annotate(Sum("budget_rupiah"))
    )  # fmt: skip
    return [
        Found(
            WarningKind.SPM, f"{each.service.code}-{PROVINCE_KEMENDAGRI_CODE}", owners.get(each.service.pk), None,
            f"{each.service.code} {each.service.name}"[:300], each.address, each.lacking,
            budgets.get(each.service.pk, Decimal(0)),
            {"now": round(each.index, 2), "month": each.month.number, "value": round(each.ahead.value, 2),
             "low": round(each.ahead.low, 2), "high": round(each.ahead.high, 2), "target": float(each.service.target)},
        )
        for each in behind
    ]  # fmt: skip


RULES: list[Callable[[int, dt.date], list[Found]]] = [
    low_absorption, low_achievement, late_reports, stalled_packages, worse_references, sliding_services,
]  # fmt: skip


def _people(program: Program) -> int:
    return program.problem_people or program.target_count or 0


def _facts(seen: Forecast) -> dict[str, Any]:
    return {
        "value": round(seen.value, 2),
        "low": round(seen.low, 2),
        "high": round(seen.high, 2),
        "way": seen.method.value,
        "seen": seen.figures,
    }
