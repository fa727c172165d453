"""The list of services and the ranking of the OPD."""

from django.utils.translation import gettext_lazy as _

from core.tables import FigureColumn, PartColumn, PortalTable, TextColumn


class PublicServiceTable(PortalTable):
    name = PartColumn("public_services/cells/name.html", verbose_name=_("Service"), title=True, width=60)
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    digital_level = TextColumn(verbose_name=_("Digital level"))
    current_steps_count = FigureColumn(verbose_name=_("Steps"))
    current_visits = FigureColumn(verbose_name=_("Visits"))
    current_documents = FigureColumn(verbose_name=_("Documents"))
    current_days = FigureColumn(verbose_name=_("Days"))
    current_score = FigureColumn(verbose_name=_("Complexity score"), default=_("no procedure yet"))
