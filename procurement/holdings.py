"""What an OPD's successor takes over of its procurement: packages that are not finished, with what is said of them."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding, first_day_of
from accounts.models import Agency
from procurement.choices import PACKAGE_TRANSITIONS, FlagSubject
from procurement.models import Flag, Package


class PackageHolding(Holding):
    """Finished, failed and cancelled ones stay with the OPD that carried them out, unless their year begins later."""

    name, label, model = "package", _("Packages that are not finished"), Package
    bears_name = True
    follows = ("program", "program_id")

    def rows(self, agency: Agency, day: dt.date) -> Any:
        unfinished = Q(state__in=[state for state, following in PACKAGE_TRANSITIONS.items() if following])
        return Package.objects.filter(unfinished | first_day_of("fiscal_year", day), agency=agency).order_by("rup_code")

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        super().move(keys, former, successor, day)
        of_the_package = Flag.objects.exclude(subject__in=[FlagSubject.BUYER, FlagSubject.ENTITY])
        of_the_package.filter(package__in=keys).update(agency=successor)
