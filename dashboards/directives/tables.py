"""The list of directives."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tables import DayColumn, PartColumn, PortalTable, TextColumn
from dashboards.models import Directive


def _lateness(record: Directive) -> dict[str, Any]:
    return {"is_late": record.is_late(timezone.localdate())}


class DirectiveTable(PortalTable):
    text = PartColumn(
        "dashboards/directives/cells/directive.html", title=True, verbose_name=_("Directive"), orderable=False, width=60
    )
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    due_on = DayColumn(verbose_name=_("Due on"))
    state = PartColumn(
        "dashboards/directives/cells/state.html",
        extra_context=_lateness,
        verbose_name=_("State"),
        orderable=False,
    )
    newest_percent = PartColumn(
        "dashboards/directives/cells/percent.html",
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
        verbose_name=_("Carried out so far"),
        orderable=False,
    )
