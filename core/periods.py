"""Fiscal periods as values: a year, a quarter or a month. The fiscal year of a province is the calendar year.

Pure: no clock, no database. `core.fields.PeriodField` stores them as PostgreSQL date ranges.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

MONTHS_PER_QUARTER = 3
QUARTERS = 4
MONTHS = 12
FIRST_YEAR, LAST_YEAR = 1945, 2200


def first_year_from(day: dt.date) -> int:
    """The first fiscal year that belongs to what begins on the day: the year that runs, as a whole. Its last day alone
    takes no year along, for the year was carried out, and its books are closed, by whoever had it until then."""
    return day.year + ((day.month, day.day) == (MONTHS, 31))


_PATTERN = re.compile(r"^(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?$")


class PeriodKind(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """`Period(2025)`, `Period(2025, PeriodKind.QUARTER, 1)` or `Period(2025, PeriodKind.MONTH, 3)`.

    Written `2025`, `2025-Q1`, `2025-03`. Ordered by first day, the longer period first.
    Raises ValueError for a quarter or month that does not exist.
    """

    year: int
    kind: PeriodKind = PeriodKind.YEAR
    number: int = 1

    def __post_init__(self) -> None:
        last = {PeriodKind.YEAR: 1, PeriodKind.QUARTER: QUARTERS, PeriodKind.MONTH: MONTHS}[self.kind]
        if not FIRST_YEAR <= self.year <= LAST_YEAR or not 1 <= self.number <= last:
            raise ValueError(f"no such period: {self.year} {self.kind} {self.number}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2025`, `2025-Q1` or `2025-03`. Raises ValueError for anything else."""
        match = _PATTERN.match(text.strip().upper())
        if not match:
            raise ValueError(f"not a period: {text!r} (write 2025, 2025-Q1 or 2025-03)")
        year = int(match["year"])
        if match["quarter"]:
            return cls(year, PeriodKind.QUARTER, int(match["quarter"]))
        if match["month"]:
            return cls(year, PeriodKind.MONTH, int(match["month"]))
        return cls(year)

    @classmethod
    def from_bounds(cls, lower: dt.date, upper: dt.date) -> "Period":
        """The period that starts on `lower` and ends before `upper`. Raises ValueError when there is none."""
        months = (upper.year - lower.year) * MONTHS + upper.month - lower.month
        kinds = {1: PeriodKind.MONTH, MONTHS_PER_QUARTER: PeriodKind.QUARTER, MONTHS: PeriodKind.YEAR}
        kind = kinds.get(months)
        if kind is None:
            raise ValueError(f"{lower} to {upper} is not a fiscal period")
        number = {1: lower.month, 3: (lower.month - 1) // MONTHS_PER_QUARTER + 1, 12: 1}[months]
        period = cls(lower.year, kind, number)
        if (period.first_day, period.end) != (lower, upper):
            raise ValueError(f"{lower} to {upper} is not a fiscal period")
        return period

    @classmethod
    def containing(cls, day: dt.date, kind: PeriodKind) -> "Period":
        number = {PeriodKind.YEAR: 1, PeriodKind.QUARTER: (day.month + 2) // 3, PeriodKind.MONTH: day.month}[kind]
        return cls(day.year, kind, number)

    @property
    def months(self) -> int:
        return {PeriodKind.YEAR: MONTHS, PeriodKind.QUARTER: MONTHS_PER_QUARTER, PeriodKind.MONTH: 1}[self.kind]

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def end(self) -> dt.date:
        """The day after the last day."""
        month = self.number * self.months
        return dt.date(self.year + 1, 1, 1) if month == MONTHS else dt.date(self.year, month + 1, 1)

    @property
    def last_day(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    def previous(self) -> "Period":
        return Period.containing(self.first_day - dt.timedelta(days=1), self.kind)

    def contains(self, other: "Period") -> bool:
        return self.first_day <= other.first_day and other.end <= self.end

    def quarters(self) -> Iterator["Period"]:
        """The quarters inside a year."""
        for number in range(1, QUARTERS + 1):
            quarter = Period(self.year, PeriodKind.QUARTER, number)
            if self.contains(quarter):
                yield quarter

    def __lt__(self, other: "Period") -> bool:
        return (self.first_day, -self.months) < (other.first_day, -other.months)

    def __str__(self) -> str:
        if self.kind is PeriodKind.QUARTER:
            return f"{self.year}-Q{self.number}"
        if self.kind is PeriodKind.MONTH:
            return f"{self.year}-{self.number:02d}"
        return str(self.year)
