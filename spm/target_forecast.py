"""Early warning: the services whose index will hardly reach its target by December, most people first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.services import notify
from core.choices import Role
from core.forecasting import SPM, Curve, FinishedYears, Forecast, forecast, only_reference
from core.formats import period as period_text
from core.formats import points
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.numbers import format_number
from core.periods import Period
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import IndexValue, ServiceKind
from spm.periods import month_of

YEARS_BACK = 3
Curves = dict[tuple[int, int, int], dict[int, float]]  # by service, region and year: month → index


def index_curves(years: Iterable[int], **where: Any) -> Curves:
    """How the indices of services went, of those `where`. One query."""
    years = list(years)
    rows = IndexValue.objects.filter(
        level=IndexLevel.SERVICE,
        period__startswith__gte=dt.date(min(years), 1, 1),
        period__startswith__lt=dt.date(max(years) + 1, 1, 1),
        service__isnull=False,
        index__isnull=False,
        **where,
    ).values_list("service", "region", "period", "index")
    curves: Curves = {}
    for service, region, period, index in rows.order_by():
        curves.setdefault((service, region, period.year), {})[period.number] = float(index or 0)
    return curves


def finished_years(year: int, **where: Any) -> FinishedYears:
    """What the forecasts of `year` learn from: the years before it. One query."""
    return FinishedYears(SPM, index_curves(range(year - YEARS_BACK, year), **where).values())


def year_end_index(indices: Curve, finished: FinishedYears | None = None) -> Forecast | None:
    """Index points at the end of December, from `indices` by month. None with too few months, and in December."""
    return forecast(indices, finished or only_reference(SPM))


@dataclass(frozen=True)
class Outlook:
    """A service whose whole interval lies below its target; `lacking` are the people not yet served."""

    service: ServiceKind
    region: Region
    month: Period
    index: float
    ahead: Forecast
    lacking: int

    @property
    def address(self) -> str:
        return reverse("spm-gap", args=[self.service.pk, self.region.kemendagri_code, str(self.month)])


def outlooks(month: Period, government: str = GovernmentLevel.PROVINCE) -> list[Outlook]:
    """The services that will miss their target in the whole province, as seen from `month`. Two queries."""
    where = {"government": government, "region__kemendagri_code": PROVINCE_KEMENDAGRI_CODE}
    rows = IndexValue.objects.filter(
        level=IndexLevel.SERVICE,
        period__contained_by=Period(month.year),
        period__startswith__lte=month.first_day,
        index__isnull=False,
        **where,
    ).select_related("service", "region")
    by_service: dict[int | None, list[IndexValue]] = defaultdict(list)
    for row in rows.order_by("period"):
        by_service[row.service_id].append(row)
    finished = finished_years(month.year, **where) if by_service else None
    found = []
    for values in by_service.values():
        last = values[-1]
        ahead = year_end_index({value.period.number: float(value.index or 0) for value in values}, finished)
        if ahead is None or last.service is None or not ahead.misses(float(last.service.target)):
            continue
        place = (last.service, last.region, last.period)
        found.append(Outlook(*place, float(last.index or 0), ahead, last.unserved or 0))
    return sorted(found, key=lambda outlook: (-outlook.lacking, outlook.ahead.value))


@transaction.atomic
def warn(year: int) -> int:
    """Tell the OPD in charge and the governor's office, once per service and month. Returns how many warnings are
    new."""
    month = month_of(Period(year))
    if month is None:
        return 0
    office = list(User.objects.with_role(Role.GOVERNORS_OFFICE))
    new = 0
    for outlook in outlooks(month):
        if Notice.objects.filter(url=outlook.address).exists():
            continue
        agencies = outlook.service.agencies.all()
        people = [member for agency in agencies for member in User.objects.members_of(agency)]
        text = _(
            "%(service)s: expected %(value)s in December (%(low)s to %(high)s), target %(target)s; figures up to "
            "%(month)s."
        ) % {
            "service": f"{outlook.service.code} {outlook.service.name[:120]}",
            "value": points(outlook.ahead.value),
            "low": points(outlook.ahead.low),
            "high": points(outlook.ahead.high),
            "target": format_number(outlook.service.target),
            "month": period_text(outlook.month),
        }
        notify([*people, *office], text, outlook.address)
        new += 1
    return new
