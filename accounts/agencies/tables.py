"""The list of OPD, those that exist and former ones."""

from django.utils.translation import gettext_lazy as _

from core.tables import DayColumn, PartColumn, PortalTable, TextColumn


class AgencyTable(PortalTable):
    rows_per_page = 100

    name = PartColumn("accounts/agencies/cells/name.html", verbose_name="OPD", title=True, width=60)
    short_name = TextColumn(verbose_name=_("Short name"))
    code = TextColumn(verbose_name=_("SIPD code"), width=28)
    opened_on = DayColumn(verbose_name=_("Exists from"))
    closed_on = DayColumn(verbose_name=_("No longer from"))
    continued_by = TextColumn(accessor="continued_by__short_name", verbose_name=_("Continued by"))
