"""Early warning: the services whose index is not expected to reach its target by December, most people first."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.services import notify
from core.choices import Role
from core.forecasting import MONTHS, NINETEEN_OF_TWENTY, PERCENT, Curve, Forecast, by_trend
from core.formats import period as period_text
from core.formats import points
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.numbers import format_number
from core.periods import Period
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import IndexValue, ServiceKind
from spm.periods import month_of

LEAST_MONTHS = 3


def year_end_index(indices: Curve) -> Forecast | None:
    """Index points at the end of December, from `indices` by month. None with too few months, and in December.

    The index tells people that a target will be missed: its interval is the wider one.
    """
    return by_trend(indices, MONTHS, least=LEAST_MONTHS, bounds=PERCENT, spreads=NINETEEN_OF_TWENTY)


@dataclass(frozen=True)
class Outlook:
    """`lacking` are the people not yet served; `sure` when even the upper end of the interval stays below the
    target."""

    service: ServiceKind
    region: Region
    month: Period
    index: float
    ahead: Forecast
    lacking: int

    @property
    def sure(self) -> bool:
        return self.ahead.surely_misses(float(self.service.target))

    @property
    def address(self) -> str:
        return reverse("spm-gap", args=[self.service.pk, self.region.kemendagri_code, str(self.month)])


def outlooks(month: Period, government: str = GovernmentLevel.PROVINCE) -> list[Outlook]:
    """Those that will miss their target, of the province and of each region, as seen from `month`. One query."""
    rows = IndexValue.objects.filter(
        government=government,
        level=IndexLevel.SERVICE,
        period__contained_by=Period(month.year),
        period__startswith__lte=month.first_day,
        index__isnull=False,
    ).select_related("service", "region")
    by_place: dict[tuple[int | None, int], list[IndexValue]] = defaultdict(list)
    for row in rows.order_by("period"):
        by_place[row.service_id, row.region_id].append(row)
    found = []
    for values in by_place.values():
        last = values[-1]
        ahead = year_end_index({value.period.number: float(value.index or 0) for value in values})
        if ahead is None or last.service is None or not ahead.misses(float(last.service.target)):
            continue
        place = (last.service, last.region, last.period)
        found.append(Outlook(*place, float(last.index or 0), ahead, last.unserved or 0))
    return sorted(found, key=lambda outlook: (-outlook.lacking, outlook.ahead.value))


def of_province(found: list[Outlook]) -> list[Outlook]:
    return [outlook for outlook in found if outlook.region.kemendagri_code == PROVINCE_KEMENDAGRI_CODE]


@transaction.atomic
def warn(year: int) -> int:
    """Tell the OPD in charge and the governor's office, once per service and month. Returns how many warnings are
    new."""
    month = month_of(Period(year))
    if month is None:
        return 0
    office = list(User.objects.with_role(Role.GOVERNORS_OFFICE))
    new = 0
    for outlook in of_province(outlooks(month)):
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
