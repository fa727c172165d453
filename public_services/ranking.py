"""Who serves well: per OPD the digital level, the complexity, and how both moved. Set-wise; a constant number of
queries."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q, Sum

from accounts.models import Agency
from public_services.choices import DigitalLevel, ProcedureState
from public_services.complexity import BANDS
from public_services.models import Procedure, PublicServiceQuerySet

COMPLEX_ABOVE = BANDS[-1][0]


@dataclass(frozen=True)
class AgencyRank:
    """`digital` counts services of level 3 and 4, `full` those of level 4, `complex` those above the last band.

    `saved_days` and `saved_visits` are what adopted proposals took off, summed over the services. An OPD that has
    entered no service has no level.
    """

    agency: Agency
    position: int
    services: int
    digital: int
    full: int
    mean_level: Decimal | None
    mean_score: Decimal | None
    complex: int
    volume: int
    complaints: int
    saved_days: Decimal
    saved_visits: int

    @property
    def digital_percent(self) -> Decimal:
        return Decimal(self.digital) * 100 / self.services if self.services else Decimal(0)

    @property
    def complaints_per_thousand(self) -> Decimal | None:
        return Decimal(self.complaints) * 1000 / self.volume if self.volume else None


@dataclass(frozen=True)
class Coverage:
    """How many of the OPD that exist have a digital service, one that is applied for online; and which have not."""

    living: int
    digital: int
    only_counter: list[Agency]
    no_service: list[Agency]

    @property
    def percent(self) -> Decimal | None:
        return Decimal(self.digital) * 100 / self.living if self.living else None


def coverage(ranks: list[AgencyRank]) -> Coverage:
    """Of the ranking that `by_agency` gave; former OPD don't count."""
    living = [rank for rank in ranks if rank.agency.closed_on is None]
    return Coverage(
        len(living),
        sum(1 for rank in living if rank.digital),
        [rank.agency for rank in living if rank.services and not rank.digital],
        [rank.agency for rank in living if not rank.services],
    )


NOTHING: dict[str, Any] = {"services": 0, "digital": 0, "full": 0, "level": None, "volume": 0, "complaints": 0}


def by_agency(services: PublicServiceQuerySet) -> list[AgencyRank]:
    """The best first: by the share of services that are applied for online, then by the lower score; last every OPD
    that has none."""
    counted: dict[int, dict[str, Any]] = {
        row["agency"]: dict(row)
        for row in services.order_by()
        .values("agency")
        .annotate(
            services=Count("pk"),
            digital=Count("pk", filter=Q(digital_level__gte=DigitalLevel.APPLICATION)),
            full=Count("pk", filter=Q(digital_level=DigitalLevel.FULL)),
            level=Avg("digital_level"),
            volume=Sum("volume"),
            complaints=Sum("complaints"),
        )
    }
    scores: dict[int, dict[str, Any]] = {
        row["service__agency"]: dict(row)
        for row in Procedure.objects.in_force()
        .filter(service__in=services)
        .order_by()
        .values("service__agency")
        .annotate(mean=Avg("score"), complex=Count("pk", filter=Q(score__gt=COMPLEX_ABOVE)))
    }
    saved = _saved(services)
    ranks = [
        AgencyRank(
            agency,
            0,
            row["services"],
            row["digital"],
            row["full"],
            None if row["level"] is None else Decimal(row["level"]),
            scores.get(agency.pk, {}).get("mean"),
            scores.get(agency.pk, {}).get("complex", 0),
            row["volume"],
            row["complaints"],
            *saved.get(agency.pk, (Decimal(0), 0)),
        )
        for agency in Agency.objects.with_former().filter(Q(closed_on__isnull=True) | Q(pk__in=counted))
        for row in [counted.get(agency.pk, NOTHING)]
    ]
    ranks.sort(
        key=lambda rank: (-rank.digital_percent, not rank.services, rank.mean_score or Decimal(999), rank.agency.name)
    )
    return [replace(rank, position=number) for number, rank in enumerate(ranks, 1)]


def _saved(services: PublicServiceQuerySet) -> dict[int, tuple[Decimal, int]]:
    """Of each OPD: days and visits of each service's first procedure less those of the one in force."""
    taken = Procedure.objects.filter(
        service__in=services, state__in=[ProcedureState.IN_FORCE, ProcedureState.REPLACED]
    ).order_by("service", "id")
    first: dict[int, tuple[Decimal, int]] = {}
    saved: dict[int, tuple[Decimal, int]] = {}
    for service, agency, state, days, visits in taken.values_list(
        "service", "service__agency", "state", "days", "visits"
    ):
        first.setdefault(service, (days, visits))
        if state == ProcedureState.IN_FORCE:
            before, now = first[service], saved.get(agency, (Decimal(0), 0))
            saved[agency] = (now[0] + before[0] - days, now[1] + before[1] - visits)
    return saved
