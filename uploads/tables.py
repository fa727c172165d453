"""The lists that were handed in."""

from django.utils.translation import gettext_lazy as _

from core.tables import MomentColumn, PartColumn, PortalTable, TextColumn


class UploadTable(PortalTable):
    name = PartColumn("uploads/cells/name.html", verbose_name=_("File"), title=True, width=48)
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    uploaded_at = MomentColumn(verbose_name=_("Uploaded"))
    uploaded_by = TextColumn(verbose_name=_("By"), orderable=False)
    state = PartColumn("uploads/cells/state.html", verbose_name=_("State"))
