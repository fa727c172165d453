"""One search over everything that a person may see."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from datasources.models import Series
from procurement.models import Package
from programs.models import Program

SHOWN = 10
SHORTEST = 2


@dataclass(frozen=True)
class Found:
    kind: str
    icon: str
    title: str
    detail: str
    url: str


def find(user: User, words: str) -> list[Found]:
    """Programmes, packages and reference series that hold every word; at most ten of each. Three queries."""
    parts = words.split()[:8]
    if len(words) < SHORTEST:
        return []
    programs = Program.objects.visible_to(user).select_related("agency")
    packages = Package.objects.visible_to(user).select_related("agency")
    series = Series.objects.visible_to(user).select_related("source")
    for word in parts:
        programs = programs.filter(Q(name__icontains=word) | Q(nomenclature__code__startswith=word))
        packages = packages.filter(Q(name__icontains=word) | Q(rup_code__startswith=word))
        series = series.filter(name__icontains=word)
    return [
        *(
            Found(_("Programme"), "target-arrow", row.name, f"{row.agency} · {row.fiscal_year}", row.get_absolute_url())
            for row in programs.order_by("-fiscal_year", "name")[:SHOWN]
        ),
        *(
            Found(_("Package"), "package", str(row), f"{row.agency} · {row.fiscal_year}", row.get_absolute_url())
            for row in packages.order_by("-fiscal_year", "name")[:SHOWN]
        ),
        *(
            Found(
                _("Reference series"),
                "chart-line",
                row.name,
                row.source.name,
                reverse("datasources:series", args=[row.pk]),
            )
            for row in series.order_by("name")[:SHOWN]
        ),
    ]
