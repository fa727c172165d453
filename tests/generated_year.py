"""A whole year of made-up programmes, reports, budgets and packages from one seed: for sums and for forecasts."""

import random
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from accounts.models import Agency
from core.models import Region
from core.periods import Period, PeriodKind
from datasources.choices import Verdict
from procurement.models import Flag, Package
from programs.choices import BudgetStage, OverRegions, OverTime, ReportState, SpendingClass
from programs.models import (
    BudgetIssue,
    BudgetLine,
    Indicator,
    IndicatorTarget,
    Program,
    Progress,
    Recipients,
    Report,
    ReportValue,
)
from spm.models import ServiceKind
from tests import factories

AGENCIES, PROGRAMS, PACKAGES = 4, 6, 60
STATES = [*ReportState.delivered(), ReportState.DRAFT, ReportState.RETURNED]


@dataclass
class Year:
    year: int
    programs: list[Program]
    packages: list[Package]


def generate(year: int, seed: int = 1) -> Year:
    """Every kind of state and gap occurs: drafts, missing quarters, targets of zero and below, every way in which
    values go together, programmes outside SPM."""
    chance = random.Random(seed)
    agencies = list(Agency.objects.order_by("pk")[:AGENCIES])
    services = [*ServiceKind.objects.order_by("pk")[:5], None]
    regions = list(Region.objects.regencies())
    made = [_program(year, chance, agency, services, regions) for agency in agencies for _n in range(PROGRAMS)]
    packages = []
    for _number in range(PACKAGES):
        program = chance.choice([*made, None])
        values = {
            "agency": program.agency if program else chance.choice(agencies),
            "program": program,
            "fiscal_year": year,
            "ceiling_rupiah": Decimal(chance.randint(10, 900) * 1_000_000),
            "hps_rupiah": Decimal(10_000_000),
        }
        package = factories.cleared_package(**values) if chance.random() < 0.4 else factories.PackageFactory(**values)
        if chance.random() < 0.2:
            Package.objects.filter(pk=package.pk).update(state="cancelled")
        for code in chance.sample(["K02", "K06", "R028"], chance.randint(0, 2)):
            gone = timezone.now() if chance.random() < 0.3 else None
            Flag.objects.create(
                code=code,
                subject="package",
                key=package.rup_code,
                package=package,
                agency=package.agency,
                fiscal_year=year,
                closed_at=gone,
            )
        packages.append(package)
    with connection.cursor() as cursor:  # else PostgreSQL plans for the empty tables that other tests leave behind
        cursor.execute(
            "ANALYZE programs_program, programs_indicator, programs_report, programs_reportvalue, programs_progress"
        )
        cursor.execute("ANALYZE programs_recipients, programs_budgetline, procurement_package, procurement_flag")
    return Year(year, made, packages)


def _program(
    year: int, chance: random.Random, agency: Agency, services: list[ServiceKind | None], regions: list[Region]
) -> Program:
    program: Program = factories.ProgramFactory(
        agency=agency,
        fiscal_year=year,
        service=chance.choice(services),
        budget_rupiah=Decimal(chance.choice([0, 1, 2, 3]) * 1_000_000_000),
        regions=chance.sample(regions, chance.randint(1, 3)),
        problem_people=chance.choice([None, chance.randint(1, 5000)]),
        evidence_series=chance.choice([None, factories.SeriesFactory()]),
    )
    official = factories.observe(factories.SeriesFactory(), "50", year=year - 1)
    indicators = [
        factories.IndicatorFactory(
            program=program,
            level=chance.choice(["output", "outcome", "impact"]),
            direction=chance.choice(["maximise", "minimise"]),
            baseline=Decimal(chance.choice([-30, 0, chance.randint(20, 60)])),
            target=Decimal(chance.choice([-20, 0, 40, 60, 80])),
            by_region=True,
            with_total=chance.random() < 0.2,
            over_time=chance.choice(OverTime.values),
            over_regions=chance.choice(OverRegions.values),
            **chance.choice([{}, {"numerator_label": "a", "denominator_label": "b"}]),
        )
        for _n in range(chance.randint(1, 3))
    ]
    for indicator in indicators:
        if chance.random() < 0.4:
            period = Period(year, PeriodKind.QUARTER, chance.randint(1, 4))
            IndicatorTarget.objects.create(indicator=indicator, period=period, value=Decimal(chance.randint(10, 90)))
    _quarters(program, chance, indicators, regions, official)
    _months(program, chance)
    return program


def _report(program: Program, period: Period, state: str, *, is_current: bool = True, revision: int = 0) -> Report:
    sent = None if state == ReportState.DRAFT else timezone.now()
    return Report.objects.create(
        program=program,
        period=period,
        state=state,
        is_current=is_current,
        revision=revision,
        revision_reason="Salah ketik." if revision else "",
        submitted_at=sent,
        decided_at=sent,
        submitted_by=program.created_by if sent else None,
        decided_by=factories.UserFactory() if sent else None,
    )


def _quarters(
    program: Program, chance: random.Random, indicators: list[Indicator], regions: list[Region], official: object
) -> None:
    for number in range(1, 5):
        if chance.random() < 0.25:
            continue
        period = Period(program.fiscal_year, PeriodKind.QUARTER, number)
        report = _report(program, period, chance.choice(STATES), revision=chance.choice([0, 0, 0, 1]))
        for indicator in indicators:
            places = chance.sample(regions, chance.randint(0, 3))
            for place in [*places, *([factories.region("64")] if indicator.with_total else [])]:
                verdict = chance.choice(Verdict.values)
                ReportValue.objects.create(
                    report=report,
                    indicator=indicator,
                    region=place,
                    value=chance.choice([None, Decimal(chance.randint(-40, 120))]),
                    denominator=chance.choice([Decimal(chance.randint(1, 9)), Decimal(chance.randint(1, 9)), None]),
                    verdict=verdict,
                    reference=None if verdict == Verdict.NO_REFERENCE else official,
                    distance=Decimal(chance.randint(0, 9)),
                )
        for place in chance.sample(regions, 2):
            Recipients.objects.create(report=report, region=place, people=chance.choice([None, chance.randint(0, 900)]))


def _months(program: Program, chance: random.Random) -> None:
    parts = [factories.sub_activity(program, number, 500_000_000) for number in (1, 2)]
    issue = BudgetIssue.objects.create(
        agency=program.agency,
        fiscal_year=program.fiscal_year,
        stage=BudgetStage.ORIGINAL,
        taken_by=program.created_by,
        number=program.pk % 30000,
    )
    for part in parts:
        for spending_class in chance.sample(SpendingClass.values, chance.randint(0, 3)):
            BudgetLine.objects.create(
                sub_activity=part,
                since=issue,
                identity=uuid.UUID(int=chance.getrandbits(128)),
                account_code="5.1.02",
                amount_rupiah=Decimal(chance.randint(1, 400) * 1_000_000),
                spending_class=spending_class,
            )
    for month in range(1, 13):
        if chance.random() < 0.4:
            continue
        report = _report(program, Period(program.fiscal_year, PeriodKind.MONTH, month), chance.choice(STATES))
        for part in parts:
            Progress.objects.create(
                report=report,
                sub_activity=part,
                financial_rupiah=chance.choice([None, Decimal(month * chance.randint(1, 40) * 1_000_000)]),
                planned_rupiah=chance.choice([None, Decimal(month * 25_000_000)]),
            )
