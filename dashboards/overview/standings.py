"""The programmes behind a figure: how each stands, which stand still, and their sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf

from accounts.models import User
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.models import (
    ProgramStanding,
    ProgramStandingQuerySet,
)

ZERO = Decimal(0)


def standings(user: User, filters: DashboardFilter) -> ProgramStandingQuerySet:
    """The programmes in view, one row each, as they stand at the end of the period."""
    return filters.standings_at_end(ProgramStanding.objects.visible_to(user))


def programs_of(user: User, filters: DashboardFilter) -> list[ProgramStanding]:
    """The programmes of the OPD chosen, the largest first; none as long as no OPD is chosen. One query, or none."""
    if not filters.agency:
        return []
    return list(standings(user, filters).select_related("program", "agency").order_by("-budget_rupiah", "pk"))


def standing_still(
    user: User, filters: DashboardFilter, programs: Iterable[ProgramStanding] = ()
) -> list[ProgramStanding]:
    """Programmes that spend, a tenth or more on ceremony, while no outcome moves; the most ceremonial first.

    Out of `programs` once an OPD is chosen; else one query.
    """
    rows = (
        [row for row in programs if row.stands_still]
        if filters.agency
        else list(standings(user, filters).filter(stands_still=True).select_related("program", "agency"))
    )
    return sorted(rows, key=lambda row: row.spending.ceremonial_percent or ZERO, reverse=True)


RANKS = [Standing.OFF_TRACK, Standing.AT_RISK, Standing.NO_DATA, Standing.ON_TRACK]  # what to look at first


def ranked(rows: ProgramStandingQuerySet) -> ProgramStandingQuerySet:
    """With what the list can be ordered by."""
    spending = F("ceremonial_rupiah") + F("supporting_rupiah") + F("direct_rupiah")
    return rows.annotate(
        state_rank=Case(*(When(state=state, then=rank) for rank, state in enumerate(RANKS)), default=len(RANKS)),
        absorbed=F("spent_rupiah") * 100 / NullIf(F("budget_rupiah"), Value(ZERO)),
        ceremonial_share=Coalesce(F("ceremonial_rupiah") * 100 / NullIf(spending, Value(ZERO)), Value(ZERO)),
    )


def named(rows: QuerySet[ProgramStanding]) -> QuerySet[ProgramStanding]:
    return rows.select_related("program", "agency", "domain")


@dataclass(frozen=True)
class Sums:
    """Of the programmes listed: what the overview's tiles say of them."""

    programs: int
    budget_rupiah: Decimal
    planned_rupiah: Decimal
    spent_rupiah: Decimal
    ceremonial_rupiah: Decimal


def sums(rows: ProgramStandingQuerySet) -> Sums:
    found = rows.order_by().aggregate(
        programs=Count("pk"),
        budget_rupiah=Sum("budget_rupiah"),
        planned_rupiah=Sum("planned_rupiah"),
        spent_rupiah=Sum("spent_rupiah"),
        ceremonial_rupiah=Sum("ceremonial_rupiah"),
    )
    known: dict[str, Any] = {name: value or 0 for name, value in found.items()}
    return Sums(**known)
