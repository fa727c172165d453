"""Packages whose contract would come too late for the work to be finished within the year, by OPD and method."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency
from core.sql import statement
from dashboards.choices import WarningKind
from dashboards.early_warnings.rules.base import Facts, Forecasting, FoundWarning, Judge, figure, in_people, money_of
from dashboards.filters import link
from dashboards.models import EarlyWarning
from procurement.choices import Method, PackageState
from procurement.models import Package

STALLED_FROM = (7, 1)
CONTRACT_BY = (10, 31)  # later than this the work cannot be finished within the year
PREPARING_DAYS = 14  # from the plan to the announcement
# from announcement to contract, where the portal has seen too few contracts (Perpres 16/2018, LKPP 12/2021)
LEAD_DAYS = {
    Method.TENDER: 60,
    Method.SELECTION: 60,
    Method.CONTEST: 60,
    Method.QUICK_TENDER: 21,
    Method.DIRECT_PROCUREMENT: 14,
    Method.DIRECT_APPOINTMENT: 21,
    Method.E_PURCHASING: 14,
}
LEAST_CONTRACTS = 10
YEARS_BACK = 3
HALF = 2
PAST = 0.3  # what can no longer be bought this year: only its money can still be put to use


@dataclass(frozen=True)
class LatePackage:
    """`expected` is the day of its contract."""

    pk: int
    ceiling_rupiah: Decimal
    people: int
    expected: dt.date


class StalledPackages(Forecasting):
    kind = WarningKind.STALLED

    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        """From July on."""
        if not dt.date(year, *STALLED_FROM) <= today <= dt.date(year, 12, 31):
            return []
        days = lead_days(year)
        names = dict(Agency.objects.with_former().values_list("pk", "name"))
        return [
            self._warning(year, agency, names[agency], method, days[method], late)
            for (agency, method), late in _late_packages(year, today, days).items()
        ]

    def _warning(
        self, year: int, agency: int, name: str, method: str, days: int, late: list[LatePackage]
    ) -> FoundWarning:
        return FoundWarning(
            self.kind,
            f"{agency}-{method}",
            agency,
            None,
            f"{name}: {Method(method).label}",
            link("procurement:packages", tahun=year),
            max(each.people for each in late),
            sum((each.ceiling_rupiah for each in late), Decimal(0)),
            {
                "count": len(late),
                "method": method,
                "days": days,
                "until": max(each.expected for each in late).isoformat(),
                "rows": [each.pk for each in late],
            },
        )

    def reason(self, year: int, facts: Facts) -> str:
        until, last = dt.date.fromisoformat(facts["until"]), dt.date(year, *CONTRACT_BY)
        return _(
            "%(count)s packages (%(method)s) need about %(days)s days up to the contract: until %(until)s, later "
            "than %(last)s."
        ) % {
            "count": figure(facts["count"]),
            "method": Method(facts["method"]).label,
            "days": figure(facts["days"]),
            "until": f"{until:%d/%m/%Y}",
            "last": f"{last:%d/%m/%Y}",
        }

    def next_step(self, facts: Facts, today: dt.date) -> str:
        if today + dt.timedelta(days=facts["days"]) <= dt.date(today.year, *CONTRACT_BY):
            return _(
                "Announce now or choose a shorter method where the rules allow; else move the package to next year."
            )
        if _is_too_late(facts, today):
            return _("Say which packages move to the next year's plan, and free their money before the year is closed.")
        return _(
            "Choose for each package: a method that is signed and delivered by 31 December, or the next year's plan."
        )

    def together(self, rows: Sequence[EarlyWarning], today: dt.date) -> str:
        count = sum(row.facts["count"] for row in rows)
        said = {"count": figure(count), "money": money_of(rows)}
        if all(_is_too_late(row.facts, today) for row in rows):
            return (
                ngettext(
                    "%(count)s package (%(money)s) can no longer come under contract this year.",
                    "%(count)s packages (%(money)s) can no longer come under contract this year.",
                    count,
                )
                % said
            )
        return (
            ngettext(
                "%(count)s package (%(money)s) comes under contract too late for the work to be finished this year.",
                "%(count)s packages (%(money)s) come under contract too late for the work to be finished this year.",
                count,
            )
            % said
        )

    def lost(self, row: EarlyWarning, today: dt.date) -> float:
        return in_people(row.rupiah) * (PAST if _is_too_late(row.facts, today) else 1.0)

    def measure(self, rows: Sequence[EarlyWarning]) -> str:
        return _("Each of the packages is under contract or moved to the next year's plan")

    def judge(self, year: int) -> Judge:
        """True when less than half of the packages came under contract."""
        del year
        return _came_true


def _is_too_late(facts: Facts, today: dt.date) -> bool:
    """Whether the contract would come after the end of the year."""
    return dt.date.fromisoformat(facts["until"]) > dt.date(today.year, 12, 31)


def _came_true(row: EarlyWarning) -> bool:
    packages = Package.objects.filter(pk__in=row.facts.get("rows", []))
    done = packages.filter(state__in=[PackageState.CONTRACTED, PackageState.COMPLETED]).count()
    return done * HALF < packages.count()


def lead_days(year: int) -> dict[str, int]:
    """Median days from announcement to contract by method, of the last years; LEAD_DAYS where too few are known."""
    with connection.cursor() as cursor:
        values = {"first": year - YEARS_BACK, "last": year, "least": LEAST_CONTRACTS}
        cursor.execute(statement("lead_days.sql", beside=__file__), values)
        seen = {method: int(days) for method, days in cursor.fetchall()}
    return {str(method): days for method, days in LEAD_DAYS.items()} | seen


def _late_packages(year: int, today: dt.date, days: dict[str, int]) -> dict[tuple[int, str], list[LatePackage]]:
    """By OPD and method, those not under contract whose contract is expected after CONTRACT_BY."""
    rows = (
        Package.objects.of_year(year)
        .filter(state__in=[PackageState.PLANNED, PackageState.ANNOUNCED], method__in=days)
        .values_list("pk", "agency", "method", "state", "announced_at", "ceiling_rupiah", "program__target_count")
    )
    found: dict[tuple[int, str], list[LatePackage]] = defaultdict(list)
    for pk, agency, method, state, announced, ceiling, people in rows.iterator():
        start = timezone.localdate(announced) if announced else today
        wait = days[method] + (PREPARING_DAYS if state == PackageState.PLANNED else 0)
        expected = max(start + dt.timedelta(wait), today)
        if expected > dt.date(year, *CONTRACT_BY):
            found[agency, method].append(LatePackage(pk, ceiling, people or 0, expected))
    return found
