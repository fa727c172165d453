"""The list of packages."""

from django.utils.translation import gettext_lazy as _

from core.tables import PartColumn, PortalTable, RupiahColumn, TextColumn
from procurement.models import Package


class PackageTable(PortalTable):
    """On a phone a card says what, whose, how much, how far and what lacks; the rest is on the package's page."""

    name = PartColumn("procurement/packages/cells/package.html", title=True, verbose_name=_("Package"), width=60)
    rup_code = TextColumn(verbose_name=_("RUP code"), visible=False)
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD", attrs={"td": {"class": "short-cell"}})
    kind = TextColumn(verbose_name=_("Kind"), visible=False)  # below the name: nine columns are too wide for a desk
    method = TextColumn(verbose_name=_("Method"), orderable=False, attrs={"td": {"class": "desk-cell"}})
    ceiling_rupiah = RupiahColumn(
        verbose_name=_("Ceiling"), attrs={"td": {"class": "num short-cell"}, "th": {"class": "num"}}
    )
    contract_rupiah = RupiahColumn(
        verbose_name=_("Contract value"),
        orderable=False,
        attrs={"td": {"class": "num desk-cell"}, "th": {"class": "num"}},
    )
    state = PartColumn(
        "procurement/packages/cells/state.html",
        verbose_name=_("State"),
        orderable=False,
        attrs={"td": {"class": "mark-cell"}},
    )
    lacks_declarations = PartColumn(
        "procurement/packages/cells/declarations.html",
        verbose_name=_("Declarations"),
        orderable=False,
        attrs={"td": {"class": "short-cell lack-cell"}},
    )

    def value_name(self, record: Package) -> str:
        return record.name
