"""What every early warning says of itself; each stands in one module of this folder, found by being there.

A new warning: its module here, its kind in `dashboards.choices.WarningKind` with a migration of the CHECK, and its
test.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from core.forecasting import Forecast
from core.formats import period as period_text
from core.formats import rupiah_short
from core.numbers import format_number
from core.periods import Period, PeriodKind
from dashboards.choices import WarningKind
from dashboards.models import EarlyWarning
from programs.models import Program

RUPIAH_PER_PERSON = 5_000_000  # about the province's budget for each inhabitant and year
Facts = dict[str, Any]
Judge = Callable[[EarlyWarning], bool | None]


@dataclass
class FoundWarning:
    """`key` names the subject within its kind, `url` leads to it; `facts` are figures for the words, as JSON can hold
    them. What counts rows of a list says which: `facts["count"]` is how many, `facts["rows"]` their primary keys."""

    kind: WarningKind
    key: str
    agency: int | None
    program: int | None
    subject: str
    url: str
    people: int
    rupiah: Decimal
    facts: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.facts.get("count") != len(self.facts.get("rows", ())) and "count" in self.facts:
            raise ValueError(f"{self.kind} {self.key} counts rows that it does not name")

    @property
    def score(self) -> float:
        """People affected × money; one of each at least, so that a gap in one does not hide the other."""
        return float(max(self.people, 1)) * float(max(self.rupiah, Decimal(1)))


class WarningRule(ABC):
    """What is likely to go wrong, in words, and for a forecast whether it did. Each method asks a constant number of
    queries."""

    kind: ClassVar[WarningKind]

    @abstractmethod
    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        """All of the year, as of today."""

    @abstractmethod
    def reason(self, year: int, facts: Facts) -> str:
        """One sentence with the figures it rests on."""

    @abstractmethod
    def next_step(self, facts: Facts, today: dt.date) -> str:
        """What can still be done on that day; the person decides."""

    @abstractmethod
    def together(self, rows: Sequence[EarlyWarning], today: dt.date) -> str:
        """One sentence with its figure for one or several of one OPD."""

    @abstractmethod
    def lost(self, row: EarlyWarning, today: dt.date) -> float:
        """What is lost if nothing is done this week, in people: those affected by how badly, money by `in_people`. What
        nothing can be done about any more counts little."""

    @abstractmethod
    def measure(self, rows: Sequence[EarlyWarning]) -> str:
        """By what one sees that a directive about these was carried out."""


class Forecasting(WarningRule):
    """A warning that the end of the year proves right or wrong."""

    @abstractmethod
    def judge(self, year: int) -> Judge:
        """Of a finished year: whether a warning came true; None where it cannot be known."""


def people_of(program: Program) -> int:
    return program.problem_people or program.target_count or 0


def facts_of(seen: Forecast) -> Facts:
    return {
        "value": round(seen.value, 2),
        "low": round(seen.low, 2),
        "high": round(seen.high, 2),
        "way": seen.method.value,
        "seen": seen.figures,
        "finished": seen.finished,
    }


def expected(facts: Facts) -> dict[str, str]:
    """The forecast of `facts_of` in words."""
    return {name: figure(facts[name]) for name in ("value", "low", "high")}


def shortfall(facts: Facts, limit: float) -> float:
    """The part of a limit that the forecast of `facts_of` stays below it."""
    return min(1.0, max(0.0, (limit - facts["value"]) / limit)) if limit else 0.0


def in_people(rupiah: Decimal) -> float:
    """What money is worth beside people when matters are ranked."""
    return float(rupiah) / RUPIAH_PER_PERSON


def money_of(rows: Sequence[EarlyWarning]) -> str:
    return rupiah_short(sum((row.rupiah for row in rows), Decimal(0)))


def people_in(rows: Sequence[EarlyWarning]) -> str:
    return format_number(sum(row.people for row in rows))


def figure(value: float, decimals: int = 1) -> str:
    return (
        format_number(value)
        if isinstance(value, int)
        else format_number(Decimal(str(round(value, max(decimals, 2)))), decimals)
    )


def month_text(year: int, month: int) -> str:
    return period_text(Period(year, PeriodKind.MONTH, month))


def quarter_text(year: int, quarter: int) -> str:
    return period_text(Period(year, PeriodKind.QUARTER, quarter))
