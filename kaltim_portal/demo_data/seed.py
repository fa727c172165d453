"""Made-up programmes, reports and packages, relative to today; every row is marked as sample data.

Seeded, so that two machines show the same; written through the same checks as what people type.
"""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

import pghistory
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, Membership, User
from core import chain
from core.choices import Role
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from datasources.choices import ToleranceKind
from datasources.models import Observation, Series
from kaltim_portal.demo_data import budgets, minimum_services
from kaltim_portal.demo_data.directives import make_directives
from kaltim_portal.demo_data.packages import make_packages
from kaltim_portal.demo_data.people import DEMO_PASSWORD, EXTRA, EXTRA_HEAD, HEADS, OPERATORS, PEOPLE
from kaltim_portal.demo_data.planted import plant
from kaltim_portal.demo_data.programs import OTHER_PROGRAMS, SPM_PROGRAMS, SampleIndicator, SampleProgram
from kaltim_portal.demo_data.public_services import make_services
from procurement.leads import matching
from procurement.red_flags import services as flag_services
from programs.choices import DEFAULT_POINTS_TOLERANCE, DEFAULT_RELATIVE_TOLERANCE, ProgramState, ReportState
from programs.deadlines import due_quarters
from programs.models import Indicator, Nomenclature, Program, Report, ReportStep, ReportValue, Unit
from programs.reports import seals
from programs.validation import values as validation_values
from spm.models import ServiceKind

SEED = 2026
WITHOUT_EVIDENCE = 4  # one programme in five shows what a missing proof of need looks like

NO_RESULT_ONE_IN, NO_RESULT = 7, Decimal("0.1")  # programmes that spend while their outcome hardly moves


def people() -> dict[str, User]:
    """The demo's accounts with their roles."""
    password = make_password(DEMO_PASSWORD)
    agencies = {agency.short_name: agency for agency in Agency.objects.living()}
    users = {}
    for person in [EXTRA, EXTRA_HEAD, *PEOPLE]:
        secret = password if person in PEOPLE else make_password(None)
        users[person.username], _created = User.objects.get_or_create(
            username=person.username, defaults={"full_name": person.full_name, "password": secret}
        )
        if person.nip and not users[person.username].nip:  # a demo that is older than the SSO
            users[person.username].nip = person.nip
            users[person.username].email = f"{person.username}@contoh.test"
            users[person.username].save(update_fields=["nip", "email"])
        for role, short_name in person.roles:
            agency = agencies[short_name] if short_name else None
            Membership.objects.get_or_create(user=users[person.username], role=role, agency=agency)
    for extra, role, there in ((EXTRA, Role.OPERATOR, OPERATORS), (EXTRA_HEAD, Role.AGENCY_HEAD, HEADS)):
        for short_name, agency in agencies.items():
            if short_name not in there:
                Membership.objects.get_or_create(user=users[extra.username], role=role, agency=agency)
    return users


def _integrity(users: dict[str, User], today: dt.date) -> None:
    """Last year's packages with suppliers, offers and contracts, some with planted conflicts; flags, leads and a
    first seal."""
    plant(Agency.objects.get(short_name="Disdikbud"), today.year - 1, users["operator"], users["kepala"])
    flag_services.run()
    matching.match()
    chain.seal()


@transaction.atomic
def seed(series: dict[str, Series], today: dt.date) -> None:
    """Everything, once: a database that holds programmes already is left alone."""
    with pghistory.context(task="demo data"):
        users = people()
        if Program.objects.exists():
            return
        dice = random.Random(SEED)
        programs = [_program(sample, users, series, today.year, dice) for sample in [*SPM_PROGRAMS, *OTHER_PROGRAMS]]
        targets = budgets.plan(today.year)
        for number, (program, sample) in enumerate(zip(programs, [*SPM_PROGRAMS, *OTHER_PROGRAMS], strict=True)):
            author, head = _people_of(program, users)
            proof = next((series[i.variable] for i in sample.indicators if i.variable in series), None)
            budgets.fill(program, proof if number % 5 != WITHOUT_EVIDENCE else None, targets, author, dice)
            budgets.months(program, today, (author, head, users["verifikator"]), dice)
        budgets.finish()
        quarters = due_quarters(today.year, today)
        for program in programs:
            for quarter in quarters:
                fate = _fate(program, dice, is_last=quarter == quarters[-1])
                if fate != "missing":
                    _report(program, quarter, users, dice, fate)
        make_packages(programs, users, today, dice)
        _integrity(users, today)
        make_services(users)
        make_directives(users, today)
        minimum_services.make(today)
        minimum_services.stages(today)


def _program(
    sample: SampleProgram, users: dict[str, User], series: dict[str, Series], year: int, dice: random.Random
) -> Program:
    agency = Agency.objects.get(short_name=sample.agency)
    service = ServiceKind.objects.filter(code=sample.service).first() if sample.service else None
    program = Program.objects.create(
        agency=agency,
        fiscal_year=year,
        nomenclature=Nomenclature.objects.get(code=sample.code),
        name=f"{sample.name} (data contoh)",
        service=service,
        problem_statement=sample.problem,
        target_group=sample.group,
        target_count=sample.count,
        budget_rupiah=Decimal(sample.budget_juta) * 1_000_000,
        state=ProgramState.REGISTERED,
        registered_at=timezone.now(),
        created_by=users[OPERATORS.get(sample.agency, EXTRA.username)],
        is_sample=True,
    )
    regencies = list(Region.objects.regencies())
    program.regions.set(dice.sample(regencies, k=dice.randint(4, len(regencies))))
    for indicator in sample.indicators:
        _indicator(program, indicator, series)
    return program


def _indicator(program: Program, sample: SampleIndicator, series: dict[str, Series]) -> None:
    unit = Unit.objects.get(name=sample.unit)
    kind = ToleranceKind.POINTS if unit.is_rate else ToleranceKind.RELATIVE
    default = DEFAULT_POINTS_TOLERANCE if unit.is_rate else DEFAULT_RELATIVE_TOLERANCE
    Indicator.objects.create(
        program=program,
        name=sample.name,
        level=sample.level,
        unit=unit,
        direction=sample.direction,
        baseline=Decimal(sample.baseline),
        target=Decimal(sample.target),
        by_region=sample.by_region,
        reference_series=series.get(sample.variable),
        tolerance_kind=kind,
        tolerance=default,
    )


def _people_of(program: Program, users: dict[str, User]) -> tuple[User, User]:
    """(operator, head) of the programme's OPD."""
    short = program.agency.short_name
    return users[OPERATORS.get(short, EXTRA.username)], users[HEADS.get(short, EXTRA_HEAD.username)]


# So that the first screens of the demo's operator and head have something to do.
FIRST_TASKS = {"1.01.a": "returned", "1.01.b": "missing", "1.02.b": "submitted"}


def _fate(program: Program, dice: random.Random, *, is_last: bool) -> str:
    """Delivered for past quarters; of the last one some are open, returned, waiting or missing."""
    fate = dice.choices(
        ["approved", "submitted", "returned", "missing"], [60, 20, 8, 12] if is_last else [92, 4, 2, 2]
    )[0]
    return FIRST_TASKS.get(program.service.code, fate) if is_last and program.service else fate


def _report(program: Program, quarter: Period, users: dict[str, User], dice: random.Random, fate: str) -> None:
    sent = timezone.make_aware(dt.datetime.combine(quarter.last_day, dt.time(9))) + dt.timedelta(
        days=dice.randint(1, 12)
    )
    sent = min(sent, timezone.now())
    author, head = _people_of(program, users)
    is_decided = fate in {ReportState.APPROVED, ReportState.RETURNED}
    report = Report.objects.create(
        program=program,
        period=quarter,
        state=fate,
        submitted_at=sent,
        submitted_by=author,
        decided_at=min(sent + dt.timedelta(days=2), timezone.now()) if is_decided else None,
        decided_by=head if is_decided else None,
    )
    values = ReportValue.objects.bulk_create(_values(report, program, quarter, dice))
    validation_values.apply(values)
    for value in values:
        if value.needs_reason:
            value.reason = "Angka sementara dari catatan OPD; verifikasi lapangan sedang berjalan (data contoh)."
    ReportValue.objects.bulk_update(values, ["findings", "verdict", "reference", "distance", "checked_at", "reason"])
    budgets.recipients(report, dice)
    steps = [ReportStep(report=report, from_state="draft", to_state="submitted", by=author)]
    if is_decided:
        comment = "Lampirkan dasar perhitungan menurut kabupaten/kota." if fate == ReportState.RETURNED else ""
        steps.append(ReportStep(report=report, from_state="submitted", to_state=fate, by=head, comment=comment))
    for step in steps:
        step.save()
    seals.seal(steps)


def _values(report: Report, program: Program, quarter: Period, dice: random.Random) -> Iterator[ReportValue]:
    province = Region.objects.get(kemendagri_code=PROVINCE_KEMENDAGRI_CODE)
    by_name = {sample.name: sample for entry in [*SPM_PROGRAMS, *OTHER_PROGRAMS] for sample in entry.indicators}
    for indicator in program.indicators.select_related("unit"):
        regions = list(program.regions.all()) if indicator.by_region else [province]
        newest = dict(
            Observation.objects.current()
            .filter(series=indicator.reference_series_id, region__in=regions)
            .order_by("period")
            .values_list("region_id", "value")
        )
        for region in regions:
            official = newest.get(region.pk)
            value = _figure(indicator, official, by_name[indicator.name].drift, quarter, dice)
            yield ReportValue(report=report, indicator=indicator, region=region, value=value)


def _figure(
    indicator: Indicator, official: Decimal | None, drift: Decimal, quarter: Period, dice: random.Random
) -> Decimal:
    """Near the official figure, now and then far from it; without one, on the way from baseline to target."""
    if official is not None:
        spread = Decimal(str(round(dice.gauss(0, 0.9), 3)))
        if dice.random() < 0.08:  # noqa: PLR2004 (one in twelve is far off)
            spread *= 5
        value = official + drift + spread
    else:
        share = Decimal(quarter.number) / 4 * Decimal(str(round(dice.uniform(0.85, 1.05), 3)))
        share *= NO_RESULT if indicator.program_id % NO_RESULT_ONE_IN == 0 else 1
        value = indicator.baseline + ((indicator.target or indicator.baseline) - indicator.baseline) * share
    unit = indicator.unit
    step = Decimal(1).scaleb(-unit.decimals)
    low = unit.lowest if unit.lowest is not None else value
    high = unit.highest if unit.highest is not None else value
    return max(low, min(high, value)).quantize(step)
