from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.finding.base import Findable, Found
from procurement.models import Supplier
from procurement.suppliers.views import READERS


class FindableSupplier(Findable):
    """By name and NIB. Not by an NPWP, which of an individual is the NIK: the list of suppliers takes a whole one."""

    slug, name, icon, place = "penyedia", _("Suppliers"), "building", 80
    rule, model = READERS, Supplier
    codes = ("business_number",)

    def rows(self, user: User) -> QuerySet[Supplier]:
        return Supplier.objects.visible_to(user).standing()

    def found(self, row: Supplier) -> Found:
        return Found(row.name, row.get_kind_display(), row.get_absolute_url())
