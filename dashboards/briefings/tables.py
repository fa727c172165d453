"""The list of briefings."""

from django.utils.translation import gettext_lazy as _

from core.tables import MomentColumn, PartColumn, PortalTable
from dashboards.models import Briefing


class BriefingTable(PortalTable):
    rows_per_page = 20

    briefing = PartColumn(
        "dashboards/briefings/cells/briefing.html", title=True, verbose_name=_("Briefing"), orderable=False, width=30
    )
    issued_at = MomentColumn(verbose_name=_("Issued"))
    issued_by = PartColumn("dashboards/briefings/cells/issued_by.html", verbose_name=_("By"), orderable=False)
    as_of = MomentColumn(verbose_name=_("Figures as of"))
    sha256 = PartColumn("dashboards/briefings/cells/sha256.html", verbose_name="SHA-256", orderable=False, width=66)
    files = PartColumn(
        "dashboards/briefings/cells/files.html", verbose_name=_("Files"), orderable=False, exclude_from_export=True
    )

    def value_sha256(self, record: Briefing) -> str:
        """Whole, so that a file can be checked against it."""
        return record.sha256
