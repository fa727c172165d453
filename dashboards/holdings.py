"""What the governor's office waits for from an OPD: its successor answers instead."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding
from accounts.models import Agency
from core.periods import first_year_from
from dashboards.models import Directive, EarlyWarning


class DirectiveHolding(Holding):
    """Those that are not closed, and those that were given after the day."""

    name, label, model = "directive", _("Directives that are not closed"), Directive
    bears_name = True
    follows = ("program", "program_id")

    def rows(self, agency: Agency, day: dt.date) -> Any:
        open_or_later = Q(closed_at__isnull=True) | Q(given_on__gte=day)
        return Directive.objects.filter(open_or_later, agency=agency).order_by("year", "number")


class WarningHolding(Holding):
    """Those that stand; the nightly run finds them anew, at the successor."""

    name, label, model = "warning", _("Early warnings that stand"), EarlyWarning
    follows = ("program", "program_id")

    def rows(self, agency: Agency, day: dt.date) -> Any:
        standing = EarlyWarning.objects.filter(agency=agency, closed_at__isnull=True)
        return standing.filter(fiscal_year__gte=first_year_from(day)).order_by("pk")

    def said(self, row: EarlyWarning) -> str:
        return row.subject
