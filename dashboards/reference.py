"""OPD, SPM domains and regions for lists to choose from and for names: read from PostgreSQL at most once a minute."""

from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import Agency
from core.models import Region
from spm.models import Domain

KEPT_SECONDS = 60  # a renamed OPD is shown under its new name within a minute
KEY = "dashboards:reference"


@dataclass(frozen=True)
class Reference:
    """OPD by name, domains and the ten kab/kota by code."""

    agencies: list[Agency]
    domains: list[Domain]
    regions: list[Region]


def reference() -> Reference:
    """No query, or three."""
    found: Reference | None = cache.get(KEY)
    if found is None:
        found = Reference(
            list(Agency.objects.order_by("name")), list(Domain.objects.all()), list(Region.objects.regencies())
        )
        cache.set(KEY, found, KEPT_SECONDS)
    return found
