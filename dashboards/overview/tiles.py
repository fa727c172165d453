"""What heads the overview beside the programmes' figures: SPM index, directives, services, early warnings."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value

from accounts.models import User
from dashboards.filters import DashboardFilter
from dashboards.models import Directive, EarlyWarning
from public_services.choices import DigitalLevel
from public_services.models import PublicService
from spm.standing import IndexStanding, standing


@dataclass(frozen=True)
class Headline:
    """What else heads the overview, each with the address of its rows."""

    spm: IndexStanding | None
    directives_late: int
    services: int
    services_full: int
    warnings: int


def headline(user: User, filters: DashboardFilter, today: dt.date) -> Headline:
    """The counts in one query, one under the other; four for the index."""
    warnings = filters.early_warnings(EarlyWarning.objects.visible_to(user)).active(today)
    services = filters.of_agency(PublicService.objects.visible_to(user))
    directives = filters.of_agency(Directive.objects.visible_to(user)).overdue(today)
    first, *counts = [
        _counted(rows, what)
        for what, rows in {
            "directives": directives,
            "services": services,
            "services_full": services.filter(digital_level=DigitalLevel.FULL),
            "warnings": warnings,
        }.items()
    ]
    found: dict[str, int] = dict.fromkeys(("directives", "services", "services_full", "warnings"), 0)
    found |= dict(first.union(*counts, all=True))
    return Headline(spm_now(filters), found["directives"], found["services"], found["services_full"], found["warnings"])


def _counted(rows: "QuerySet[Any]", what: str) -> "QuerySet[Any, Any]":
    """(what, how many); no row where there is nothing."""
    counted = rows.order_by().annotate(what=Value(what)).values("what")
    numbered: QuerySet[Any, Any] = counted.annotate(number=Count("pk")).values_list("what", "number")
    return numbered


def spm_now(filters: DashboardFilter) -> IndexStanding | None:
    """Of the province or the region, of all domains or one, in the period."""
    return standing(filters.period, domain=filters.domain, region=filters.region)
