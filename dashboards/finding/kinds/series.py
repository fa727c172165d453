from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from datasources.models import Series
from datasources.series.views import READERS


class FindableSeries(Findable):
    slug, name, icon, place = "seri", _("Reference series"), "chart-line", 120
    rule, model = READERS, Series
    related = ("source",)

    def rows(self, user: User) -> QuerySet[Series]:
        return Series.objects.visible_to(user)

    def found(self, row: Series) -> Found:
        return Found(row.name, row.source.name, row.get_absolute_url())
