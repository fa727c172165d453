from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.agencies.views import READERS
from accounts.models import Agency, User
from dashboards.finding.base import Findable, Found


class FindableAgency(Findable):
    slug, name, icon, place = "opd", _("Agencies (OPD)"), "building", 10
    rule, model = READERS, Agency
    texts, codes = ("name", "short_name"), ("code",)

    def rows(self, user: User) -> QuerySet[Agency]:
        return Agency.objects.visible_to(user)

    def found(self, row: Agency) -> Found:
        return Found(row.label, row.short_name, row.get_absolute_url())
