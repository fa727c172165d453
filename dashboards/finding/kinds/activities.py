"""Kegiatan and sub kegiatan: both are shown on their programme's page."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from programs.models import Activity, Program, SubActivity
from programs.registration.views import READERS


def _where(program: Program) -> str:
    return f"{program.name} · {program.agency.short_name} · {program.fiscal_year}"


class FindableActivity(Findable):
    slug, name, icon, place = "kegiatan", _("Activities"), "list-check", 40
    rule, model = READERS, Activity
    texts, codes = ("nomenclature__name",), ("nomenclature__code",)
    agency, year = "program__agency", "program__fiscal_year"
    related = ("nomenclature", "program__agency")

    def rows(self, user: User) -> QuerySet[Activity]:
        return Activity.objects.filter(program__in=Program.objects.visible_to(user))

    def found(self, row: Activity) -> Found:
        return Found(row.nomenclature.name, _where(row.program), row.program.get_absolute_url())


class FindableSubActivity(Findable):
    slug, name, icon, place = "sub-kegiatan", _("Sub-activities"), "list-check", 50
    rule, model = READERS, SubActivity
    codes = ("nomenclature__code", "sbl_code")
    agency, year = "activity__program__agency", "fiscal_year"
    related = ("activity__program__agency",)

    def rows(self, user: User) -> QuerySet[SubActivity]:
        return SubActivity.objects.visible_to(user)

    def found(self, row: SubActivity) -> Found:
        program = row.activity.program
        return Found(row.name, _where(program), program.get_absolute_url())
