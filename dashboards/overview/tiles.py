"""What heads the overview beside the programmes' figures: SPM index, directives, services, early warnings. One
query.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import User
from core.periods import Period
from dashboards.filters import DashboardFilter
from dashboards.models import Directive, EarlyWarning
from public_services.choices import DigitalLevel
from public_services.models import PublicService
from spm.models import IndexValue

MONTHS_A_QUARTER = 3


@dataclass(frozen=True)
class SpmNow:
    """The province's newest index of the year; `change` in points since the last month of an earlier quarter."""

    index: Decimal
    month: Period
    change: Decimal | None


@dataclass(frozen=True)
class Headline:
    """What else heads the overview, each with the address of its rows."""

    spm: SpmNow | None
    directives_late: int
    services: int
    services_full: int
    warnings: int


def headline(user: User, filters: DashboardFilter, today: dt.date) -> Headline:
    """One query: the months of the index and the counts, one under the other."""
    warnings = filters.early_warnings(EarlyWarning.objects.visible_to(user)).active(today)
    services = filters.of_agency(PublicService.objects.visible_to(user))
    directives = filters.of_agency(Directive.objects.visible_to(user)).overdue(today)
    counts = [
        _counted(rows, what)
        for what, rows in {
            "directives": directives,
            "services": services,
            "services_full": services.filter(digital_level=DigitalLevel.FULL),
            "warnings": warnings,
        }.items()
    ]
    found: dict[str, int] = dict.fromkeys(("directives", "services", "services_full", "warnings"), 0)
    months: list[tuple[Period, Decimal]] = []
    index = _indices(filters).annotate(what=Value("spm")).values_list("what", "period", "index")
    for what, period, value in index.union(*counts, all=True):
        if value is not None:
            if what == "spm":
                months.append((period, value))
            else:
                found[what] = int(value)
    return Headline(_spm_now(months), found["directives"], found["services"], found["services_full"], found["warnings"])


def _counted(rows: "QuerySet[Any]", what: str) -> "QuerySet[Any, Any]":
    """(what, no period, how many), in the columns of the index's rows."""
    index = IndexValue._meta.get_field("index")  # noqa: SLF001 (Django's documented way to a field)
    nothing = Value(None, output_field=IndexValue._meta.get_field("period"))  # noqa: SLF001
    counted = rows.order_by().annotate(what=Value(what), nothing=nothing).values("what", "nothing")
    numbered: QuerySet[Any, Any] = counted.annotate(number=Cast(Count("pk"), output_field=index)).values_list(
        "what", "nothing", "number"
    )
    return numbered


def spm_now(filters: DashboardFilter) -> SpmNow | None:
    """Of the province or the region, of all domains or one, at the end of the period or the newest month before it."""
    rows = _indices(filters).values_list("period", "index")
    return _spm_now([(period, index) for period, index in rows if index is not None])


def _indices(filters: DashboardFilter) -> "QuerySet[IndexValue]":
    return filters.indices(IndexValue.objects.filter(index__isnull=False)).order_by()


def _spm_now(months: list[tuple[Period, Decimal]]) -> SpmNow | None:
    if not months:
        return None
    known = sorted(months, key=lambda each: each[0].first_day)
    month, index = known[-1]
    quarter = (month.number - 1) // MONTHS_A_QUARTER
    earlier = [value for period, value in known if (period.number - 1) // MONTHS_A_QUARTER < quarter]
    return SpmNow(index, month, index - earlier[-1] if earlier else None)
