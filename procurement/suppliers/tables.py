"""The list of suppliers."""

from django.utils.translation import gettext_lazy as _

from core.tables import FigureColumn, PartColumn, PortalTable, TextColumn
from procurement.models import Supplier


class SupplierTable(PortalTable):
    """The NPWP is masked in files as it is on the page."""

    offers_files = False  # the register and the auditor's report give files that are written into the trail

    name = PartColumn("procurement/suppliers/cells/supplier.html", title=True, verbose_name=_("Supplier"), width=48)
    kind = TextColumn(verbose_name=_("Legal form"), orderable=False)
    masked_tax_number = PartColumn("procurement/suppliers/cells/tax_number.html", verbose_name="NPWP", orderable=False)
    offered = FigureColumn(verbose_name=_("Offers"), orderable=False)
    won = FigureColumn(verbose_name=_("Won"), orderable=False)
    banned = PartColumn("procurement/suppliers/cells/ban.html", verbose_name=_("Blacklist"), orderable=False)

    def value_name(self, record: Supplier) -> str:
        return record.name
