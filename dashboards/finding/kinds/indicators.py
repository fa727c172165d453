from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from programs.models import Indicator, Program
from programs.registration.views import READERS


class FindableIndicator(Findable):
    slug, name, icon, place = "indikator", _("Indicators"), "chart-dots", 30
    rule, model = READERS, Indicator
    agency, year = "program__agency", "program__fiscal_year"
    related = ("program__agency",)

    def rows(self, user: User) -> QuerySet[Indicator]:
        return Indicator.objects.filter(program__in=Program.objects.visible_to(user))

    def found(self, row: Indicator) -> Found:
        program = row.program
        return Found(
            row.name,
            f"{program.name} · {program.agency.short_name} · {program.fiscal_year}",
            program.get_absolute_url(),
        )
