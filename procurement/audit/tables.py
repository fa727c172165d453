"""The rows of the procurement report on its page."""

from django.utils.translation import gettext_lazy as _

from core.tables import PartColumn, PortalTable, RupiahColumn, TextColumn


class AuditReportTable(PortalTable):
    """Its files are made by `procurement.audit.files`, which writes each into the trail with its SHA-256."""

    offers_files = False

    name = PartColumn("procurement/packages/cells/package.html", title=True, verbose_name=_("Package"))
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    method = TextColumn(verbose_name=_("Method"), orderable=False)
    ceiling_rupiah = RupiahColumn(verbose_name=_("Ceiling"))
    hps_rupiah = RupiahColumn(verbose_name="HPS")
    contract_rupiah = RupiahColumn(verbose_name=_("Contract value"), orderable=False)
    state = PartColumn("procurement/packages/cells/state.html", verbose_name=_("State"), orderable=False)
    declarations = PartColumn(
        "procurement/audit/cells/declarations.html", verbose_name=_("Declarations"), orderable=False
    )
