"""Which quarterly reports are due, and until when. Pure."""

import datetime as dt

from core.periods import Period

DAYS_AFTER_QUARTER = 10


def deadline(quarter: Period) -> dt.date:
    return quarter.last_day + dt.timedelta(days=DAYS_AFTER_QUARTER)


def due_quarters(fiscal_year: int, today: dt.date) -> list[Period]:
    """The quarters of the year that are over."""
    return [quarter for quarter in Period(fiscal_year).quarters() if quarter.last_day < today]


def is_late(quarter: Period, today: dt.date) -> bool:
    return today > deadline(quarter)
