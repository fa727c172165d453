"""The log of looks behind the mask."""

from django.utils.translation import gettext_lazy as _

from core.tables import MomentColumn, PartColumn, PortalTable, TextColumn


class LookTable(PortalTable):
    offers_files = False  # the register and the auditor's report give files that are written into the trail
    what = PartColumn(
        "procurement/privacy/cells/look.html", title=True, verbose_name=_("What"), orderable=False, width=60
    )
    actor_name = TextColumn(verbose_name=_("By"), orderable=False, width=30)
    at = MomentColumn(verbose_name=_("At"), order_by="pk")
    reason = TextColumn(verbose_name=_("Reason"), orderable=False, width=60)
