"""Quarterly reports whose last day has passed, by OPD and quarter."""

import datetime as dt

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import Agency
from core.periods import Period, PeriodKind
from dashboards.choices import WarningKind
from dashboards.early_warnings.rules.base import Facts, FoundWarning, WarningRule, figure, quarter_text
from dashboards.filters import DashboardFilter
from dashboards.models import ProgramStanding
from programs.models import reporting_calendar


class LateReports(WarningRule):
    kind = WarningKind.LATE

    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        calendar = reporting_calendar()
        missing = (
            ProgramStanding.objects.filter(fiscal_year=year, due=1, delivered=0)
            .order_by()
            .values("agency", "quarter")
            .annotate(count=Count("pk"), of_people=Sum("people"), of_budget=Sum("budget_rupiah"))
        )
        names = dict(Agency.objects.with_former().values_list("pk", "name"))
        found = []
        for row in missing:
            agency, quarter = row["agency"], row["quarter"]
            days = (today - calendar.deadline(Period(year, PeriodKind.QUARTER, quarter))).days
            if days > 0:
                url = DashboardFilter(year, agency=agency).link("programs:programs", state="registered")
                facts = {"count": row["count"], "quarter": quarter, "days": days}
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

    def next_step(self) -> str:
        return _("Call the head of the OPD; a stand-in may send the reports.")
