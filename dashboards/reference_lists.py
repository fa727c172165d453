"""OPD, SPM domains and regions for lists to choose from and for names: read from PostgreSQL at most once a minute."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import Agency
from core.choices import RegionLevel
from core.models import Region
from programs.models import Unit
from spm.models import Domain

KEPT_SECONDS = 60  # a renamed OPD is shown under its new name within a minute
KEY = "dashboards:reference-lists"


@dataclass(frozen=True)
class Reference:
    """OPD by name, former ones too, domains and the ten kab/kota by code; by their keys OPD, regions (with the
    province) and units."""

    agencies: list[Agency]
    domains: list[Domain]
    regions: list[Region]
    agency_of: dict[int, Agency]
    region_of: dict[int, Region]
    unit_of: dict[int, Unit]

    def agencies_of(self, year: int) -> list[Agency]:
        """Those that may have something of the year: all but those that were former before it began."""
        return [row for row in self.agencies if row.closed_on is None or row.closed_on > dt.date(year, 1, 1)]


def reference() -> Reference:
    """No query, or four."""
    found: Reference | None = cache.get(KEY)
    if found is None:
        agencies, regions = (
            list(Agency.objects.with_former().order_by("name", "closed_on")),
            list(Region.objects.province_and_regencies()),
        )
        found = Reference(
            agencies=agencies,
            domains=list(Domain.objects.all()),
            regions=[row for row in regions if row.level == RegionLevel.REGENCY],
            agency_of={row.pk: row for row in agencies},
            region_of={row.pk: row for row in regions},
            unit_of={row.pk: row for row in Unit.objects.all()},
        )
        cache.set(KEY, found, KEPT_SECONDS)
    return found
