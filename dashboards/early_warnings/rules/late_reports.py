"""Quarterly reports whose last day has passed, by OPD and quarter."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency
from core.periods import Period, PeriodKind
from dashboards.choices import WarningKind
from dashboards.early_warnings.rules.base import Facts, FoundWarning, WarningRule, figure, quarter_text
from dashboards.filters import link
from dashboards.models import EarlyWarning, ProgramStanding
from programs.models import reporting_calendar

SIGHT = 0.01  # a report that is missing takes the sight of a service, not the service
LONG_LATE = 90  # days


class LateReports(WarningRule):
    kind = WarningKind.LATE

    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        calendar = reporting_calendar()
        missing = (
            ProgramStanding.objects.filter(fiscal_year=year, due=1, delivered=0)
            .order_by()
            .values("agency", "quarter")
            .annotate(
                rows=ArrayAgg("program", order_by="program"), of_people=Sum("people"), of_budget=Sum("budget_rupiah")
            )
        )
        names = dict(Agency.objects.with_former().values_list("pk", "name"))
        found = []
        for row in missing:
            agency, quarter = row["agency"], row["quarter"]
            days = (today - calendar.deadline(Period(year, PeriodKind.QUARTER, quarter))).days
            if days > 0:
                url = link("programs:programs", tahun=year)
                facts = {"count": len(row["rows"]), "rows": row["rows"], "quarter": quarter, "days": days}
                found.append(
                    FoundWarning(
                        self.kind,
                        f"{agency}-{quarter}",
                        agency,
                        None,
                        names[agency],
                        url,
                        row["of_people"],
                        row["of_budget"],
                        facts,
                    )
                )
        return found

    def reason(self, year: int, facts: Facts) -> str:
        return _("%(count)s reports of %(quarter)s are missing, %(days)s days after the last day.") % {
            "count": figure(facts["count"]),
            "quarter": quarter_text(year, facts["quarter"]),
            "days": figure(facts["days"]),
        }

    def next_step(self, facts: Facts, today: dt.date) -> str:
        return _("Call the head of the OPD; a stand-in may send the reports.")

    def together(self, rows: Sequence[EarlyWarning], today: dt.date) -> str:
        count = sum(row.facts["count"] for row in rows)
        return ngettext(
            "%(count)s quarterly report is missing, %(days)s days after its last day.",
            "%(count)s quarterly reports are missing, up to %(days)s days after their last day.",
            count,
        ) % {"count": figure(count), "days": figure(max(row.facts["days"] for row in rows))}

    def lost(self, row: EarlyWarning, today: dt.date) -> float:
        return row.people * SIGHT * min(1.0, float(row.facts["days"]) / LONG_LATE)

    def measure(self, rows: Sequence[EarlyWarning]) -> str:
        return _("All reports that are due are sent and verified")
