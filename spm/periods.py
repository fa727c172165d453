"""Which month stands for a quarter or a year: figures count from January on, so it is the last one that is entered as
fully as any; a month that one OPD has just begun does not yet stand for all.
"""

from django.db.models import Sum

from core.periods import Period, PeriodKind
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import IndexValue

QUARTER_MONTHS = 3


def month_of(period: Period, government: str = GovernmentLevel.PROVINCE) -> Period | None:
    """The fullest month within the period, the last of them when there are several; None when nothing was entered."""
    values = IndexValue.objects.filter(government=government, level=IndexLevel.REGION, period__contained_by=period)
    months = values.values("period").annotate(rows=Sum("entered")).order_by("-rows", "-period")
    return months.values_list("period", flat=True).first()


def month_before(period: Period, month: Period, government: str = GovernmentLevel.PROVINCE) -> Period | None:
    """What `month`, which stands for `period`, is compared with: the end of the quarter before; for a year the same
    month of the year before, for a year that still runs cannot be held against a whole one."""
    if period.kind is PeriodKind.YEAR:
        return month_of(Period(month.year - 1, PeriodKind.MONTH, month.number), government)
    quarter = Period(month.year, PeriodKind.QUARTER, (month.number - 1) // QUARTER_MONTHS + 1)
    return month_of(quarter.previous(), government)
