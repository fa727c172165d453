from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from procurement.models import Package
from procurement.packages.permissions import READERS


class FindablePackage(Findable):
    slug, name, icon, place = "paket", _("Procurement packages"), "package", 70
    rule, model = READERS, Package
    codes, agency, year = ("rup_code",), "agency", "fiscal_year"
    related = ("agency",)

    def rows(self, user: User) -> QuerySet[Package]:
        return Package.objects.visible_to(user)

    def found(self, row: Package) -> Found:
        return Found(row.name, f"RUP {row.rup_code} · {row.agency} · {row.fiscal_year}", row.get_absolute_url())
