"""Sorts OPD into red, yellow and green as the Monday meeting does, and keeps each week for the next one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Agency, User
from dashboards.choices import Light
from dashboards.filters import DashboardFilter
from dashboards.models import AgencyLight, LightRule
from dashboards.overview import figures
from dashboards.overview.figures import AgencyRow
from dashboards.readers import office_reader

ORDER = [Light.RED, Light.YELLOW, Light.GREEN, Light.NONE]


@dataclass(frozen=True)
class Lamp:
    """`of_plan` (spent of the planned cash) and `achieved` (of the outcomes' targets) in per cent; `before` is the
    light of the week before, None where it is not known. `url` leads to the OPD's page."""

    agency: Agency
    light: Light
    of_plan: Decimal | None
    achieved: Decimal | None
    before: Light | None
    url: str

    @property
    def worst(self) -> Decimal | None:
        return min((each for each in (self.of_plan, self.achieved) if each is not None), default=None)

    @property
    def turn(self) -> str:
        """'up', 'down', or empty where nothing is known to have changed."""
        if self.before is None or Light.NONE in (self.before, self.light) or self.before == self.light:
            return ""
        return "up" if ORDER.index(self.light) > ORDER.index(self.before) else "down"


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def lamps(user: User, rows: Iterable[AgencyRow], filters: DashboardFilter, today: dt.date) -> list[Lamp]:
    """The worst first. Two queries; none of them where no rule is in force."""
    rule = LightRule.objects.in_force(today)
    if rule is None:
        return []
    week_before = monday_of(today) - dt.timedelta(days=7)
    kept = AgencyLight.objects.visible_to(user).filter(fiscal_year=filters.year, monday=week_before)
    before = {agency: Light(light) for agency, light in kept.values_list("agency", "light")}
    found = [_lamp(rule, row, before.get(row.agency.pk), filters) for row in rows]
    return sorted(found, key=lambda lamp: (ORDER.index(lamp.light), lamp.worst or 0, lamp.agency.name))


def _lamp(rule: LightRule, row: AgencyRow, before: Light | None, filters: DashboardFilter) -> Lamp:
    of_plan, achieved = row.total.of_plan_percent, row.total.achievement
    url = filters.link_to_agency(row.agency.pk)
    return Lamp(row.agency, rule.light(of_plan, achieved), of_plan, achieved, before, url)


def keep(today: dt.date) -> int:
    """How every OPD stands now, as what this week says. Returns how many."""
    filters = DashboardFilter(today.year)
    user = office_reader()
    rows = [
        AgencyLight(
            agency=lamp.agency,
            fiscal_year=today.year,
            monday=monday_of(today),
            light=lamp.light,
            of_plan=lamp.of_plan,
            achieved=lamp.achieved,
        )
        for lamp in lamps(user, figures.overview(user, filters).agencies, filters, today)
    ]
    AgencyLight.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["fiscal_year", "monday", "agency"],
        update_fields=["light", "of_plan", "achieved"],
    )
    return len(rows)
