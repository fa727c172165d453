"""What the public page shows."""

from typing import Any

from django.db.models import Count, Sum

from core.periods import Period
from dashboards import status_rule
from dashboards.filters import LAST_QUARTER, DashboardFilter
from dashboards.models import ProgramStanding
from dashboards.overview import figures, tiles
from dashboards.overview.packages import package_figures
from dashboards.public.open_data import DATASETS, LICENCE, LICENCE_ADDRESS
from dashboards.readers import office_reader
from dashboards.spm import charts as spm_charts
from dashboards.spm import figures as spm_figures
from datasources.models import Series
from public_services.choices import DigitalLevel
from public_services.models import PublicService


def public_page(year: int) -> dict[str, Any]:
    """As the governor's office sees it, without what is not for the public."""
    everybody, filters = office_reader(), DashboardFilter(year)
    whole = figures.overview(everybody, filters)
    spm = spm_figures.page(Period(year))
    by_domain = _people_reached(year)
    return {
        "whole": whole,
        "spm": spm,
        "spm_now": tiles.spm_now(filters),
        "map": spm_charts.spm_map(spm.ranks, "") if spm else None,
        "domains": [(row, by_domain.get(row.domain.pk)) for row in whole.domains],
        "reached": sum(people or 0 for people in by_domain.values()),
        "packages": package_figures(everybody, filters),
        "levels": _services_by_level(),
        "sources": list(Series.objects.active().select_related("source").order_by("source__name", "name")),
        "rule": status_rule.rule(),
        "datasets": list(DATASETS.values()),
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
    }


def _people_reached(year: int) -> dict[int | None, int | None]:
    """By domain, up to the end of the year."""
    reached = ProgramStanding.objects.filter(fiscal_year=year, quarter=LAST_QUARTER).order_by()
    return dict(reached.values_list("domain").annotate(Sum("reached")))


def _services_by_level() -> list[tuple[DigitalLevel, int]]:
    services = PublicService.objects.filter(is_active=True)
    levels = dict(services.order_by().values_list("digital_level").annotate(Count("pk")))
    return [(level, levels.get(level.value, 0)) for level in DigitalLevel]
