from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from public_services.models import PublicService
from public_services.views import READERS


class FindablePublicService(Findable):
    slug, name, icon, place = "layanan", _("Public services"), "list-check", 100
    rule, model = READERS, PublicService
    texts, agency = ("name", "product"), "agency"
    related = ("agency",)

    def rows(self, user: User) -> QuerySet[PublicService]:
        return PublicService.objects.visible_to(user)

    def found(self, row: PublicService) -> Found:
        return Found(row.name, str(row.agency), row.get_absolute_url())
