"""The list of services and the ranking of the OPD."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import formats
from core.tables import FigureColumn, PartColumn, PortalTable, TextColumn

FIGURES = {"td": {"class": "num"}, "th": {"class": "num"}}


class MeanColumn(FigureColumn):
    """A mean or a share, of which one decimal says enough."""

    def render(self, value: Decimal) -> str:
        return formats.number(value, 1)

    def value(self, value: Decimal, **_given: Any) -> Decimal:
        return round(value, 1)


class PublicServiceTable(PortalTable):
    name = PartColumn("public_services/cells/name.html", verbose_name=_("Service"), title=True, width=60)
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    digital_level = TextColumn(verbose_name=_("Digital level"))
    current_steps_count = FigureColumn(verbose_name=_("Steps"))
    current_visits = FigureColumn(verbose_name=_("Visits"))
    current_documents = FigureColumn(verbose_name=_("Documents"))
    current_days = FigureColumn(verbose_name=_("Days"))
    current_score = FigureColumn(verbose_name=_("Complexity score"), default=_("no procedure yet"))


class RankingTable(PortalTable):
    rows_per_page = 200  # every OPD: a ranking is read from its first place to its last

    agency = PartColumn(
        "public_services/cells/agency.html", verbose_name="OPD", title=True, width=48, order_by="agency__name"
    )
    services = FigureColumn(verbose_name=_("Services"))
    digital_percent = FigureColumn(verbose_name=_("Online"))
    mean_level = MeanColumn(verbose_name=_("Mean level"))
    mean_score = MeanColumn(verbose_name=_("Mean score"))
    complex = PartColumn("public_services/cells/complex.html", verbose_name=_("To be simplified"), attrs=FIGURES)
    complaints_per_thousand = MeanColumn(verbose_name=_("Complaints per 1,000"))
    saved = PartColumn(
        "public_services/cells/saved.html", verbose_name=_("Saved by proposals"), attrs=FIGURES, order_by="saved_days"
    )

    def render_digital_percent(self, value: Decimal) -> str:
        return f"{formats.number(value, 0)} %"

    def value_digital_percent(self, value: Decimal) -> Decimal:
        return round(value, 1)
