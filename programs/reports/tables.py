"""The lists of reports and of reported values."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core import formats
from core.tables import FigureColumn, PartColumn, PeriodColumn, PortalTable, TextColumn
from programs.models import ReportValue


class ReportTable(PortalTable):
    program = PartColumn(
        "programs/reports/cells/program.html",
        verbose_name=_("Programme"),
        title=True,
        width=60,
        order_by=("program__name", "-period"),
    )
    period = PeriodColumn(verbose_name=_("Period"))
    agency = TextColumn(accessor="agency_then", verbose_name="OPD")
    value_count = FigureColumn(verbose_name=_("Values"), orderable=False)
    deviating_count = FigureColumn(verbose_name=_("Deviating"), orderable=False)
    explain_count = FigureColumn(verbose_name=_("Need explanation"), orderable=False)
    state = PartColumn("programs/reports/cells/state.html", verbose_name=_("State"))


class ReportValueTable(PortalTable):
    """Reported and official figures stand in units of their own: to sort by them would say nothing."""

    indicator = PartColumn(
        "programs/reports/cells/indicator.html",
        verbose_name=_("Indicator"),
        title=True,
        width=60,
        order_by="indicator__name",
    )
    region = TextColumn(accessor="region__short_name", verbose_name=_("Region"), order_by="region__name")
    period = PartColumn("programs/reports/cells/period.html", verbose_name=_("Period"), order_by="report__period")
    value = FigureColumn(verbose_name=_("Reported"), orderable=False)
    unit = TextColumn(accessor="indicator__unit", verbose_name=_("Unit"), visible=False)
    reference = PartColumn(
        "programs/reports/cells/official.html",
        verbose_name=_("Official"),
        orderable=False,
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )
    verdict = PartColumn("programs/reports/cells/verdict.html", verbose_name=_("Verdict"))
    reason = TextColumn(verbose_name=_("Explanation"), limit=140, width=60, orderable=False)

    def render_value(self, value: Decimal, record: ReportValue) -> str:
        return f"{formats.number(value)} {record.indicator.unit}"

    def value_value(self, value: Decimal) -> Decimal:
        """Without the unit, which stands in a column of its own."""
        return value
