"""Which month stands for a quarter or a year: figures count from January on, so it is the last one that is entered as
fully as any; a month that one OPD has just begun does not yet stand for all.
"""

from django.db.models import Sum

from core.periods import Period, PeriodKind
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import IndexValue


def month_of(period: Period, government: str = GovernmentLevel.PROVINCE) -> Period | None:
    """The fullest month within the period, the last of them when there are several; None when nothing was entered."""
    values = IndexValue.objects.filter(government=government, level=IndexLevel.REGION, period__contained_by=period)
    months = values.values("period").annotate(rows=Sum("entered")).order_by("-rows", "-period")
    return months.values_list("period", flat=True).first()


def year_before(month: Period) -> Period:
    """What a month is compared with: figures count from January on, so an earlier month of the same year is less by
    construction."""
    return Period(month.year - 1, PeriodKind.MONTH, month.number)
