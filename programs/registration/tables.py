"""The lists of programmes and of budget lines."""

from django.utils.translation import gettext_lazy as _

from core.tables import FigureColumn, PartColumn, PortalTable, RupiahColumn, TextColumn


class ProgramTable(PortalTable):
    name = PartColumn("programs/registration/cells/name.html", verbose_name=_("Programme"), title=True, width=60)
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    service = TextColumn(accessor="service__name", verbose_name=_("SPM service"), limit=60)
    budget_rupiah = RupiahColumn(verbose_name=_("Budget"))
    indicator_count = FigureColumn(verbose_name=_("Indicators"), orderable=False)
    report_count = FigureColumn(verbose_name=_("Reports"), orderable=False)
    state = PartColumn("programs/registration/cells/state.html", verbose_name=_("State"))


class BudgetLineTable(PortalTable):
    """What a version of a budget list changed; rows are those of `BudgetLine.objects.changed_by`."""

    began = PartColumn("programs/registration/cells/began.html", verbose_name=_("What"))
    line = PartColumn("programs/registration/cells/line.html", verbose_name=_("Line"), title=True, order_by="component")
    sub_activity = TextColumn(accessor="sub_activity__name", verbose_name=_("Sub-activity"), limit=60)
    spending_class = TextColumn(verbose_name=_("Class"))
    amount_rupiah = RupiahColumn(verbose_name=_("Amount"))
