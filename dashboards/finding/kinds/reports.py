from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.formats import period
from core.periods import Period, PeriodKind
from dashboards.finding.base import Findable, Found
from dashboards.finding.words import Word
from programs.choices import ReportKind
from programs.models import Report
from programs.reports.views import READERS

YEARS_BACK = 5


class FindableReport(Findable):
    """A report has no name: it is its programme's, of a month or a quarter (“stunting oktober”, “ambulans triwulan
    III”)."""

    slug, name, icon, place = "laporan", _("Reports"), "report-analytics", 60
    rule, model = READERS, Report
    texts, codes = ("program__name",), ("program__nomenclature__code",)
    agency, year = "program__agency", "program__fiscal_year"
    related = ("program__agency",)

    def rows(self, user: User) -> QuerySet[Report]:
        return Report.objects.visible_to(user)

    def also(self, word: Word) -> Q | None:
        if word.text in {"triwulan", "tw"}:
            return Q(kind=ReportKind.QUARTER)
        kind, number = _period_named(word.text)
        if not number:
            return super().also(word)
        this_year = timezone.localdate().year
        years = range(this_year - YEARS_BACK, this_year + 2)
        return Q(period__in=[Period(year, kind, number) for year in years])

    def found(self, row: Report) -> Found:
        return Found(
            f"{row.program.name} · {period(row.period)}",
            f"{row.program.agency} · {row.get_state_display()}",
            row.get_absolute_url(),
        )


def _period_named(word: str) -> tuple[PeriodKind, int]:
    """The month or the quarter's Roman number, or nought."""
    for number, roman in enumerate(("i", "ii", "iii", "iv"), start=1):
        if word == roman:
            return PeriodKind.QUARTER, number
    for number in range(1, 13):
        if word == period(Period(2026, PeriodKind.MONTH, number)).split()[0].casefold():
            return PeriodKind.MONTH, number
    return PeriodKind.MONTH, 0
