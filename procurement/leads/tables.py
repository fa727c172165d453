"""The list of leads."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from core import formats
from core.tables import FigureColumn, PartColumn, PortalTable, TextColumn


class StrengthColumn(FigureColumn):
    write = staticmethod(partial(formats.number, decimals=2))


class LeadTable(PortalTable):
    offers_files = False  # the register and the auditor's report give files that are written into the trail
    connection = PartColumn(
        "procurement/leads/cells/connection.html", title=True, verbose_name=_("Connection"), orderable=False, width=60
    )
    score = StrengthColumn(verbose_name=_("Strength"))
    package = TextColumn(accessor="package__name", verbose_name=_("Package"), width=60)
    state = PartColumn("procurement/leads/cells/state.html", verbose_name=_("Result of the review"), orderable=False)
