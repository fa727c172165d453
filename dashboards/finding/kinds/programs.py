from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from programs.models import Program
from programs.registration.views import READERS


class FindableProgram(Findable):
    slug, name, icon, place = "program", _("Programmes"), "target-arrow", 20
    rule, model = READERS, Program
    codes, agency, year = ("nomenclature__code",), "agency", "fiscal_year"
    related = ("agency",)

    def rows(self, user: User) -> QuerySet[Program]:
        return Program.objects.visible_to(user)

    def found(self, row: Program) -> Found:
        return Found(row.name, f"{row.agency} · {row.fiscal_year}", row.get_absolute_url())
