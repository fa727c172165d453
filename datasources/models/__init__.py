"""Reference data: where it comes from, each pull, the raw answers, and the figures with their provenance."""

from datasources.models.figures import Observation, Payload, Pull
from datasources.models.sources import (
    BREAKER_FAILURES,
    BREAKER_PAUSE,
    CatalogueEntry,
    RegionMapping,
    Series,
    Source,
)

__all__ = [
    "BREAKER_FAILURES",
    "BREAKER_PAUSE",
    "CatalogueEntry",
    "Observation",
    "Payload",
    "Pull",
    "RegionMapping",
    "Series",
    "Source",
]
