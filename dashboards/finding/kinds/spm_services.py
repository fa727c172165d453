from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from spm.models import ServiceKind
from spm.views import READERS


class FindableServiceKind(Findable):
    slug, name, icon, place = "spm", _("SPM services"), "shield-check", 110
    rule, model = READERS, ServiceKind
    texts, codes = ("name", "domain__name"), ("code",)
    related = ("domain",)

    def rows(self, user: User) -> QuerySet[ServiceKind]:
        return ServiceKind.objects.visible_to(user)

    def found(self, row: ServiceKind) -> Found:
        return Found(row.name, f"{row.code} · {row.domain}", reverse("spm:stages", args=[row.pk]))
