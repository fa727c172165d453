"""The programmes behind a figure of the overview, with their sums below."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import formats
from core.tables import PartColumn, PercentColumn, PortalTable, RupiahColumn, TextColumn
from dashboards.models import ProgramStanding
from dashboards.overview.standings import Sums


class ShortRupiahColumn(RupiahColumn):
    write = staticmethod(formats.rupiah_short)


def _sum_of(name: str) -> Any:
    def footer(table: "StandingTable") -> str:
        return formats.rupiah_short(getattr(table.sums, name))

    return footer


def _number_of_programs(table: "StandingTable") -> str:
    count = table.sums.programs
    return ngettext("%(count)s programme in all", "%(count)s programmes in all", count) % {"count": count}


class StandingTable(PortalTable):
    """`named_orders` are the orders that the overview's links ask for."""

    named_orders = {"serapan": "absorbed", "capaian": "achievement", "upacara": "-ceremonial", "anggaran": "-budget"}

    program = PartColumn(
        "dashboards/overview/cells/program.html",
        title=True,
        verbose_name=_("Programme"),
        order_by="program__name",
        footer=_number_of_programs,
        width=60,
    )
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD", visible=False)
    domain = TextColumn(accessor="domain__short_name", verbose_name=_("SPM domain"), visible=False)
    state = PartColumn(
        "dashboards/overview/cells/standing.html", verbose_name=_("Standing"), order_by="state_rank", width=48
    )
    achievement = PercentColumn(verbose_name=_("Achievement"))
    budget = ShortRupiahColumn(accessor="budget_rupiah", verbose_name=_("Budget"), footer=_sum_of("budget_rupiah"))
    spent = ShortRupiahColumn(accessor="spent_rupiah", verbose_name=_("Spent"), footer=_sum_of("spent_rupiah"))
    absorbed = PercentColumn(accessor="spent_percent", verbose_name=_("of the budget"), order_by="absorbed")
    of_plan = PercentColumn(accessor="of_plan_percent", verbose_name=_("of the plan"), orderable=False)
    ceremonial = PercentColumn(
        accessor="spending__ceremonial_percent",
        verbose_name=_("Ceremonial"),
        order_by="ceremonial_share",
        footer=_sum_of("ceremonial_rupiah"),
    )

    def __init__(self, rows: Any, *, request: HttpRequest, sums: Sums, **kwargs: Any) -> None:
        super().__init__(rows, request=request, **kwargs)
        self.sums = sums

    def value_program(self, record: ProgramStanding) -> str:
        return record.program.name
