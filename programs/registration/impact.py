"""Ceremony against impact, and whether help reached the places that need it most. Set-based; formulas are pure.

- ceremonial share = ceremonial lines / all current lines × 100 (rules: SpendingRule)
- tepat sasaran = recipients in the k regions where the problem is worst / all recipients × 100
- cost per outcome unit = money spent so far / improvement of the outcome since the baseline
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from core.periods import Period
from programs.choices import Direction, SpendingClass
from programs.models import BudgetLine, Indicator, Program, Recipients
from programs.models.measured import measured
from programs.registration.needs import worst_codes
from programs.validation import rows as validation_rows

CEREMONIAL_CONCERN = Decimal(10)  # per cent of the lines from which a standstill is flagged
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Spending:
    """Sums of the current budget lines by class, in Rp."""

    ceremonial: Decimal = Decimal(0)
    supporting: Decimal = Decimal(0)
    direct: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.ceremonial + self.supporting + self.direct

    @property
    def ceremonial_percent(self) -> Decimal | None:
        return share(self.ceremonial, self.total)

    @property
    def not_direct_percent(self) -> Decimal | None:
        return share(self.ceremonial + self.supporting, self.total)

    @property
    def supporting_percent(self) -> Decimal | None:
        return share(self.supporting, self.total)

    @property
    def direct_percent(self) -> Decimal | None:
        return share(self.direct, self.total)


@dataclass(frozen=True)
class Targeting:
    """`percent` is None while nobody has been reached; `worst` names the regions that count."""

    in_worst: int
    total: int
    worst: list[str]

    @property
    def percent(self) -> Decimal | None:
        return share(Decimal(self.in_worst), Decimal(self.total))


@dataclass(frozen=True)
class OutcomeCost:
    """One outcome indicator: how far it moved in the wanted direction, and what each unit of it cost (Rp)."""

    indicator: Indicator
    latest: Decimal
    improvement: Decimal
    rupiah_per_unit: Decimal | None


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    return part * HUNDRED / whole if whole else None


def improvement(value: Decimal, baseline: Decimal, direction: str) -> Decimal:
    """How far the value moved in the wanted direction; negative when it moved the other way."""
    return baseline - value if direction == Direction.MINIMISE else value - baseline


def stands_still(improvements: Iterable[Decimal], spending: Spending, spent: Decimal) -> bool:
    """Money is spent, a tenth or more of the lines is ceremony, and no outcome has moved the right way."""
    moved = list(improvements)
    percent = spending.ceremonial_percent
    return (
        bool(moved)
        and spent > 0
        and percent is not None
        and percent >= CEREMONIAL_CONCERN
        and all(m <= 0 for m in moved)
    )


def spending_of(program_ids: Iterable[int]) -> dict[int, Spending]:
    """One query over the current lines."""
    rows = (
        BudgetLine.objects.current()
        .filter(sub_activity__activity__program__in=list(program_ids))
        .values_list("sub_activity__activity__program", "spending_class")
        .annotate(total=Sum("amount_rupiah"))
    )
    sums: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for program, spending_class, total in rows:
        sums[program][spending_class] = total
    return {
        program: Spending(
            by_class.get(SpendingClass.CEREMONIAL, Decimal(0)),
            by_class.get(SpendingClass.SUPPORTING, Decimal(0)),
            by_class.get(SpendingClass.DIRECT, Decimal(0)),
        )
        for program, by_class in sums.items()
    }


def targeting_of(program: Program) -> Targeting | None:
    """From the newest delivered quarter; None when the programme rests on no evidence, so no region is the worst."""
    worst = worst_codes(program.evidence_snapshot, program.worst_count)
    if not worst:
        return None
    rows = list(
        Recipients.objects.filter(report__program=program, report__in=program.reports.delivered(), people__isnull=False)
        .order_by("region_id", "-report__period")
        .distinct("region_id")
        .select_related("region")
    )
    names = [name for code, name, _value, _rank in program.evidence_snapshot["regions"] if code in worst]
    total = sum(row.people or 0 for row in rows)
    in_worst = sum(row.people or 0 for row in rows if row.region.kemendagri_code in worst)
    return Targeting(in_worst, total, names)


def outcome_costs(program: Program, spent: Decimal) -> list[OutcomeCost]:
    """For each outcome or impact indicator with a delivered value: what its regions make together, up to now."""
    return [
        OutcomeCost(indicator, latest, moved, spent / moved if moved > 0 and spent else None)
        for indicator, latest, moved in _outcomes([program.pk])
    ]


def _outcomes(program_ids: Iterable[int]) -> list[tuple[Indicator, Decimal, Decimal]]:
    """(indicator, what is measured up to now, improvement since the baseline) by delivered reports. Two queries."""
    newest = {row.indicator_id: row.value for row in measured(program_ids)}  # by quarter: the last one stays
    rows = Indicator.objects.filter(pk__in=newest).exclude(direction=Direction.BAND).select_related("unit")
    return [(row, newest[row.pk], improvement(newest[row.pk], row.baseline, row.direction)) for row in rows]


def standing_still(programs: QuerySet[Program], year: int) -> list[tuple[Program, Spending]]:
    """Programmes that spend, a tenth or more on ceremony, while no outcome moves; the most ceremonial first. Four
    queries."""
    rows = list(programs.select_related("agency"))
    ids = [row.pk for row in rows]
    spendings, spent = spending_of(ids), validation_rows.spent_of_programs(ids, Period(year), delivered=True)
    moved: dict[int, list[Decimal]] = defaultdict(list)
    for indicator, _latest, change in _outcomes(ids):
        moved[indicator.program_id].append(change)
    found = [
        (row, spendings[row.pk])
        for row in rows
        if row.pk in spendings and stands_still(moved[row.pk], spendings[row.pk], spent.get(row.pk, (Decimal(0),))[0])
    ]
    return sorted(found, key=lambda item: item[1].ceremonial_percent or 0, reverse=True)


@dataclass(frozen=True)
class ProgramPicture:
    """What the page of a programme says of its impact."""

    spending: Spending
    targeting: Targeting | None
    costs: list[OutcomeCost]
    spent: Decimal
    is_flagged: bool


def picture_of(program: Program) -> ProgramPicture:
    spending = spending_of([program.pk]).get(program.pk, Spending())
    spent = validation_rows.spent_in_year(program)
    costs = outcome_costs(program, spent)
    flagged = stands_still((cost.improvement for cost in costs), spending, spent)
    return ProgramPicture(spending, targeting_of(program), costs, spent, flagged)
