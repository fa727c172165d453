"""Made-up sub-activities, budget lines, monthly progress, plans, targets and recipients for the demo's programmes."""

import datetime as dt
import random
import uuid
from decimal import Decimal
from itertools import pairwise

from django.utils import timezone

from accounts.models import User
from core.periods import Period, PeriodKind
from datasources.models import Series
from programs.choices import NomenclatureLevel, PlanKind, PlanLevel, ReportState
from programs.models import (
    Activity,
    BudgetIssue,
    BudgetLine,
    LegalBasis,
    Nomenclature,
    PlanDocument,
    PlanIndicator,
    PlanItem,
    Program,
    Progress,
    Recipients,
    RegionTarget,
    Report,
    ReportStep,
    SubActivity,
)
from programs.registration.needs import snapshot
from programs.registration.spending import reclassify
from programs.reports import seals

WORK = ["Pelaksanaan layanan di lapangan", "Penyediaan sarana", "Pendataan dan koordinasi"]
# (account, name, component, share of the sub-activity's ceiling)
LINES = [
    ("5.1.02.01.01.0024", "Belanja alat tulis kantor", "Alat tulis", "0.03"),
    ("5.1.02.01.01.0052", "Belanja makanan dan minuman rapat", "Konsumsi rapat koordinasi", "0.05"),
    ("5.1.02.02.01.0003", "Honorarium narasumber", "Narasumber sosialisasi", "0.04"),
    ("5.1.02.04.01.0001", "Belanja perjalanan dinas biasa", "Perjalanan dinas luar daerah", "0.12"),
    ("5.1.02.04.01.0003", "Belanja perjalanan dinas dalam kota", "Pendampingan penerima", "0.05"),
    ("5.1.02.05.01.0001", "Belanja barang untuk diserahkan kepada masyarakat", "Bantuan bagi penerima", "0.41"),
    ("5.2.02.10.01.0002", "Belanja modal alat layanan", "Alat layanan", "0.26"),
]
MISSIONS = {
    "Mewujudkan sumber daya manusia yang berakhlak dan berdaya saing": "Meningkatnya mutu layanan dasar bagi warga",
    "Mewujudkan pembangunan yang merata di seluruh wilayah": "Berkurangnya kesenjangan antarwilayah",
}

SLOW_ONE_IN, SLOW = 6, 0.55  # programmes that fall behind their plan, so that dashboards have something to show


def plan(year: int) -> list[PlanItem]:
    """An RPJMD with two targets; the text is made up."""
    first = year - (year - 2025) % 5
    document = PlanDocument.objects.create(
        kind=PlanKind.RPJMD,
        name=f"RPJMD Kalimantan Timur {first}–{first + 4} (data contoh)",
        first_year=first,
        last_year=first + 4,
        regulation="Perda RPJMD (data contoh)",
        is_sample=True,
    )
    targets = []
    for mission, target in MISSIONS.items():
        top = PlanItem.objects.create(document=document, level=PlanLevel.MISSION, text=mission)
        goal = PlanItem.objects.create(document=document, parent=top, level=PlanLevel.GOAL, text=f"Tujuan: {target}")
        item = PlanItem.objects.create(document=document, parent=goal, level=PlanLevel.TARGET, text=target)
        PlanIndicator.objects.create(
            item=item,
            name="Indeks layanan dasar (data contoh)",
            unit="Indeks",
            baseline="78,2",
            targets=["78,9", "79,3", "79,8", "80,2", "80,7"],
            final_target="80,7",
        )
        targets.append(item)
    return targets


def fill(program: Program, series: Series | None, targets: list[PlanItem], author: User, dice: random.Random) -> None:
    """Everything that a programme has beside its indicators."""
    program.plan_item = dice.choice(targets)
    program.problem_people = (program.target_count or 0) * dice.randint(2, 4)
    if series is not None:
        program.evidence_series = series
        program.evidence_worst = "high" if series.query.get("variable") in {"904", "908"} else "low"
        if not series.worst_side:
            series.worst_side = program.evidence_worst
            series.save(update_fields=["worst_side"])
        program.evidence_snapshot = snapshot(series, program.evidence_worst)
    program.save()
    regions = list(program.regions.all())
    for region in regions:
        share = (program.target_count or 0) // len(regions)
        RegionTarget.objects.create(program=program, region=region, people=max(1, share))
    LegalBasis.objects.create(program=program, regulation="UU 23/2014", article="Pasal 18 dan 298")
    _sub_activities(program)
    _lines(program, author, dice)


def _sub_activities(program: Program) -> None:
    code, _made = Nomenclature.objects.get_or_create(
        code=f"{program.nomenclature.code}.1.01",
        valid_from=2023,
        defaults={
            "name": f"Kegiatan {program.name.removesuffix(' (data contoh)')}"[:300],
            "level": NomenclatureLevel.ACTIVITY,
            "regulation": "Kepmendagri 900.1.15.5-1317/2023 (data contoh)",
        },
    )
    activity, _made = Activity.objects.get_or_create(program=program, nomenclature=code)
    shares = [Decimal("0.5"), Decimal("0.35"), Decimal("0.15")]
    for number, (name, share) in enumerate(zip(WORK, shares, strict=True), start=1):
        SubActivity.objects.create(
            activity=activity,
            fiscal_year=program.fiscal_year,
            sbl_code=f"7.{program.agency_id}.{program.pk}.{number}",
            nomenclature=code,
            name=f"{name}: {program.name}"[:300],
            ceiling_rupiah=(program.budget_rupiah * share).quantize(Decimal(1)),
            fund_source="PAD (data contoh)",
            is_sample=True,
        )


def _lines(program: Program, author: User, dice: random.Random) -> None:
    issue, _made = BudgetIssue.objects.get_or_create(
        agency=program.agency,
        fiscal_year=program.fiscal_year,
        number=1,
        defaults={"taken_by": author, "note": "data contoh"},
    )
    lines = []
    for sub in SubActivity.objects.filter(activity__program=program):
        for account, account_name, component, share in LINES:
            weight = Decimal(share) * Decimal(str(round(dice.uniform(0.6, 1.3), 2)))
            amount = min(sub.ceiling_rupiah, (sub.ceiling_rupiah * weight).quantize(Decimal(1)))
            lines.append(
                BudgetLine(
                    sub_activity=sub,
                    since=issue,
                    identity=uuid.UUID(int=dice.getrandbits(128)),
                    account_code=account,
                    account_name=account_name,
                    component=f"{component} (data contoh)",
                    volume=1,
                    unit_text="paket",
                    price_rupiah=amount,
                    amount_rupiah=amount,
                )
            )
    BudgetLine.objects.bulk_create(lines)
    issue.added += len(lines)
    issue.total_rupiah += sum(line.amount_rupiah for line in lines)
    issue.save()


def months(program: Program, today: dt.date, people: tuple[User, User, User], dice: random.Random) -> None:
    """Progress of every month that is over; the last one is still a draft. `people`: who enters, decides, verifies."""
    author, head, verifier = people
    acting = {"submitted": author, "approved": head}
    ended = [Period(program.fiscal_year, PeriodKind.MONTH, number) for number in range(1, 13)]
    ended = [month for month in ended if month.last_day < today]
    pace = dice.uniform(0.75, 1.05) * (SLOW if program.pk % SLOW_ONE_IN == 0 else 1)
    subs = list(SubActivity.objects.filter(activity__program=program))
    for month in ended:
        is_last = month == ended[-1]
        sent = timezone.make_aware(dt.datetime.combine(month.end, dt.time(9))) + dt.timedelta(days=dice.randint(0, 6))
        sent = min(sent, timezone.now())
        state = (
            ReportState.DRAFT
            if is_last
            else ReportState.VERIFIED
            if month.number > ended[-1].number - 3
            else ReportState.LOCKED
        )
        delivered = state != ReportState.DRAFT
        report = Report.objects.create(
            program=program,
            period=month,
            state=state,
            submitted_at=sent if delivered else None,
            submitted_by=author if delivered else None,
            decided_at=sent if delivered else None,
            decided_by=head if delivered else None,
        )
        rows = []
        for sub in subs:
            share = Decimal(str(round(min(0.97, month.number / 12 * pace), 4)))
            planned = (sub.ceiling_rupiah * month.number / 12).quantize(Decimal(1))
            rows.append(
                Progress(
                    report=report,
                    sub_activity=sub,
                    planned_rupiah=planned,
                    financial_rupiah=None if is_last else (sub.ceiling_rupiah * share).quantize(Decimal(1)),
                    physical_percent=None if is_last else min(Decimal(100), (share * 104).quantize(Decimal("0.01"))),
                )
            )
        Progress.objects.bulk_create(rows)
        if delivered:
            path = ["draft", "submitted", "approved", "verified", "locked"]
            seals.seal(
                [
                    ReportStep.objects.create(
                        report=report, from_state=before, to_state=after, by=acting.get(after, verifier)
                    )
                    for before, after in pairwise(path[: path.index(state) + 1])
                ]
            )


def recipients(report: Report, dice: random.Random) -> None:
    """People reached in each region, split by sex and age."""
    planned = {target.region_id: target.people for target in report.program.region_targets.all()}
    rows = []
    for region in report.program.regions.all():
        people = int(planned.get(region.pk, 0) * report.period.number / 4 * dice.uniform(0.7, 1.05))
        female = int(people * dice.uniform(0.4, 0.6))
        children, elderly = int(people * dice.uniform(0.1, 0.4)), int(people * dice.uniform(0.05, 0.2))
        rows.append(
            Recipients(
                report=report,
                region=region,
                people=people,
                female=female,
                male=people - female,
                children=children,
                elderly=elderly,
                adults=people - children - elderly,
                disabled=int(people * 0.03),
            )
        )
    Recipients.objects.bulk_create(rows)


def finish() -> None:
    """Class every line by the rules."""
    reclassify()
