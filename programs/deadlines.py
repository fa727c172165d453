"""Which reports are due, and until when. Pure: the rules come from the database by `programs.models.DeadlineRule`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.periods import Period, PeriodKind

DAYS_AFTER = {PeriodKind.MONTH: 5, PeriodKind.QUARTER: 10}


@dataclass(frozen=True)
class Calendar:
    """`days_after` the end of a period of a kind; `exceptions` are last days of single periods."""

    days_after: Mapping[PeriodKind, int] = field(default_factory=lambda: dict(DAYS_AFTER))
    exceptions: Mapping[Period, dt.date] = field(default_factory=dict)

    def deadline(self, period: Period) -> dt.date:
        return self.exceptions.get(period) or period.last_day + dt.timedelta(days=self.days_after[period.kind])

    def is_late(self, period: Period, today: dt.date) -> bool:
        return today > self.deadline(period)


def owing_years(today: dt.date) -> list[int]:
    """The fiscal years of which something may still be owed: a year's last reports are due in the next one."""
    return [today.year - 1, today.year]


def owed_months(today: dt.date) -> list[Period]:
    """The months of the owing years that are over."""
    return [month for year in owing_years(today) for month in due_months(year, today)]


def owed_quarters(today: dt.date) -> list[Period]:
    return [quarter for year in owing_years(today) for quarter in due_quarters(year, today)]


def due_quarters(fiscal_year: int, today: dt.date) -> list[Period]:
    """The quarters of the year that are over."""
    return [quarter for quarter in Period(fiscal_year).quarters() if quarter.last_day < today]


def due_months(fiscal_year: int, today: dt.date) -> list[Period]:
    """The months of the year that are over."""
    months = [Period(fiscal_year, PeriodKind.MONTH, number) for number in range(1, 13)]
    return [month for month in months if month.last_day < today]
