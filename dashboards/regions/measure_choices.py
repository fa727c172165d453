"""Which measures the map offers: indices and counts, official series, the indicators of an OPD."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from core.choices import RegionLevel
from dashboards.filters import DashboardFilter
from dashboards.reference_lists import reference
from dashboards.regions.measures import regional_indicators
from datasources.models import Observation, Series


@dataclass(frozen=True)
class MeasureChoice:
    key: str
    name: str


@dataclass(frozen=True)
class MeasureGroup:
    name: str
    choices: list[MeasureChoice]


def measure_choices(user: User, filters: DashboardFilter) -> list[MeasureGroup]:
    """Indices and counts, the official series that have regional figures, the indicators of the OPD chosen. Three
    queries."""
    groups = [
        MeasureGroup(
            _("SPM index"),
            [
                MeasureChoice("spm", _("All six domains")),
                *(MeasureChoice(f"spm-{row.pk}", row.name) for row in reference().domains),
            ],
        ),
        MeasureGroup(
            _("Programmes"),
            [
                MeasureChoice("program", _("Programmes that reach the region")),
                MeasureChoice("menyimpang", _("Deviating values (%)")),
            ],
        ),
    ]
    regional = Observation.objects.current().filter(series=OuterRef("pk"), region__level=RegionLevel.REGENCY)
    series = Series.objects.visible_to(user).filter(Exists(regional), is_active=True).order_by("name")
    if series:
        groups.append(MeasureGroup(_("Official series"), [MeasureChoice(f"seri-{row.pk}", row.name) for row in series]))
    if filters.agency:
        indicators = filters.indicators(regional_indicators(user))
        found = [MeasureChoice(f"indikator-{row.pk}", row.name) for row in indicators.order_by("name")]
        if found:
            groups.append(MeasureGroup(_("Indicators of the OPD"), found))
    return groups
