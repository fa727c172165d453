"""Sums over programmes: what is planned, spent and reached, what is due, what came, and how it compares."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from dashboards.choices import Standing
from datasources.choices import Verdict
from programs.registration.impact import Spending

HUNDRED = Decimal(100)
ZERO = Decimal(0)
STOCKS = ("budget_rupiah", "planned_rupiah", "spent_rupiah", "ceremonial_rupiah", "supporting_rupiah", "direct_rupiah")
FLOWS = ("due", "delivered", "revised")
VERDICTS, STANDINGS = tuple(Verdict.values), tuple(Standing.values)  # asked thousands of times a page
SUMMED = ("programs", *STOCKS, "achievement_sum", "measured", "without_evidence", *FLOWS)  # fields of a ProgramTotals


@dataclass
class Verdicts:
    matches: int = 0
    explain: int = 0
    deviates: int = 0
    no_reference: int = 0

    @property
    def total(self) -> int:
        return self.matches + self.explain + self.deviates + self.no_reference

    @property
    def deviating_percent(self) -> Decimal | None:
        """Share of the values that could be compared."""
        compared = self.total - self.no_reference
        return self.deviates * HUNDRED / compared if compared else None


@dataclass
class ProgramTotals:
    """One OPD in one domain, or a sum of such: what is planned, spent and reached, what is due, what came.

    Money in Rp; `planned` and `spent` by the newest monthly figures of the programmes that have them.
    """

    programs: int = 0
    budget_rupiah: Decimal = ZERO
    planned_rupiah: Decimal = ZERO
    spent_rupiah: Decimal = ZERO
    ceremonial_rupiah: Decimal = ZERO
    supporting_rupiah: Decimal = ZERO
    direct_rupiah: Decimal = ZERO
    achievement_sum: Decimal = ZERO
    measured: int = 0
    without_evidence: int = 0
    due: int = 0
    delivered: int = 0
    revised: int = 0
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STANDINGS, 0))
    verdicts: Verdicts = field(default_factory=Verdicts)

    @property
    def delivered_percent(self) -> Decimal | None:
        return self.delivered * HUNDRED / self.due if self.due else None

    @property
    def step(self) -> int:
        """1 to 5 on the colour scale, 0 when nothing is due yet."""
        percent = self.delivered_percent
        return 0 if percent is None else min(5, int(percent // 20) + 1)

    @property
    def spent_percent(self) -> Decimal | None:
        """Absorption (serapan): spent of the budget."""
        return self.spent_rupiah * HUNDRED / self.budget_rupiah if self.budget_rupiah else None

    @property
    def of_plan_percent(self) -> Decimal | None:
        return self.spent_rupiah * HUNDRED / self.planned_rupiah if self.planned_rupiah else None

    @property
    def achievement(self) -> Decimal | None:
        """Mean over the programmes with a measured outcome, in per cent of their targets."""
        return self.achievement_sum / self.measured if self.measured else None

    @property
    def spending(self) -> Spending:
        return Spending(self.ceremonial_rupiah, self.supporting_rupiah, self.direct_rupiah)

    def add(self, other: "ProgramTotals") -> None:
        for name in SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for state, count in other.states.items():
            self.states[state] += count
        for verdict in VERDICTS:
            setattr(self.verdicts, verdict, getattr(self.verdicts, verdict) + getattr(other.verdicts, verdict))


def sum_of(parts: Iterable[ProgramTotals]) -> ProgramTotals:
    total = ProgramTotals()
    for part in parts:
        total.add(part)
    return total
