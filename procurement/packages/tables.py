"""The list of packages."""

from django.utils.translation import gettext_lazy as _

from core.tables import PartColumn, PortalTable, RupiahColumn, TextColumn
from procurement.models import Package


class PackageTable(PortalTable):
    name = PartColumn("procurement/packages/cells/package.html", title=True, verbose_name=_("Package"), width=60)
    rup_code = TextColumn(verbose_name=_("RUP code"), visible=False)
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    kind = TextColumn(verbose_name=_("Kind"), visible=False)  # below the name: nine columns are too wide for a desk
    method = TextColumn(verbose_name=_("Method"), orderable=False)
    ceiling_rupiah = RupiahColumn(verbose_name=_("Ceiling"))
    contract_rupiah = RupiahColumn(verbose_name=_("Contract value"), orderable=False)
    state = PartColumn("procurement/packages/cells/state.html", verbose_name=_("State"), orderable=False)
    lacks_declarations = PartColumn(
        "procurement/packages/cells/declarations.html", verbose_name=_("Declarations"), orderable=False
    )

    def value_name(self, record: Package) -> str:
        return record.name
