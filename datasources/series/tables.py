"""The list of series."""

from django.utils.translation import gettext_lazy as _

from core.tables import MomentColumn, PartColumn, PortalTable, TextColumn


class SeriesTable(PortalTable):
    name = PartColumn("datasources/series/cells/name.html", verbose_name=_("Series"), title=True, width=60)
    source = PartColumn("datasources/series/cells/source.html", verbose_name=_("Source"), order_by="source__name")
    unit = TextColumn(verbose_name=_("Unit"))
    pulled_at = MomentColumn(verbose_name=_("Last good pull"))
    state = PartColumn("datasources/series/cells/state.html", verbose_name=_("State"), orderable=False)
