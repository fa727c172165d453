"""What a weekly briefing is made of, asked for once, and the figures that next week's is compared with."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from core.formats import moment as moment_text
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.models import Directive, EarlyWarning, SummaryState
from dashboards.overview import figures, tiles
from dashboards.overview.packages import contract_figures, package_figures
from dashboards.readers import office_reader

TEXT_LENGTH = 130  # so that two pages stay two pages


class Gathered:
    """What the parts are made of; each is asked for once."""

    def __init__(self, year: int, today: dt.date) -> None:
        self.year, self.today, self.user = year, today, office_reader()
        self.filters = DashboardFilter(year)
        self.as_of = SummaryState.current().as_of
        self.overview = figures.overview(self.user, self.filters)
        self.packages = package_figures(self.user, self.filters)
        self.contracts = contract_figures(self.user, self.filters)
        self.headline = tiles.headline(self.user, self.filters, today)
        self.warnings = list(
            EarlyWarning.objects.filter(fiscal_year=year).active(today).select_related("agency").order_by("-score")
        )
        self.overdue = list(Directive.objects.overdue(today).select_related("agency").order_by("due_on", "pk"))

    @property
    def at(self) -> str:
        return moment_text(self.as_of)


def numbers(now: Gathered) -> dict[str, str]:
    """What next week's briefing is compared with, by the keys of LABELS; figures that are not known are left out."""
    total, spm = now.overview.total, now.headline.spm
    found: dict[str, Decimal | int | None] = {
        "spm": round(spm.index, 2) if spm else None,
        "programs": total.programs,
        **{state.value: total.states[state] for state in Standing},
        "absorbed": _rounded(total.spent_percent),
        "achievement": _rounded(total.achievement),
        "ceremonial": _rounded(total.spending.ceremonial_percent),
        "delivered": _rounded(total.delivered_percent),
        "deviates": total.verdicts.deviates,
        "missing": now.packages.missing,
        "flags": now.packages.flags,
        "directives": len(now.overdue),
        "services": now.headline.services_full,
        "warnings": len(now.warnings),
    }
    return {key: str(value) for key, value in found.items() if value is not None}


def labels() -> dict[str, str]:
    return {
        "spm": _("SPM index of the province"),
        "programs": _("Registered programmes"),
        **{state.value: _("Programmes %(state)s") % {"state": state.label} for state in Standing},
        "absorbed": _("Absorption of the budget (%)"),
        "achievement": _("Achievement of outcomes (%)"),
        "ceremonial": _("Ceremonial share (%)"),
        "delivered": _("Quarterly reports delivered (%)"),
        "deviates": _("Values that deviate"),
        "missing": _("Packages without complete declarations"),
        "flags": _("Red flags raised"),
        "directives": _("Directives overdue"),
        "services": _("Services online from beginning to end"),
        "warnings": _("Early warnings"),
    }


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 1)


def cut(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else f"{text[: TEXT_LENGTH - 1]}…"
