"""What an OPD's successor takes over of its procurement: the packages of the year."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding
from accounts.models import Agency
from core.periods import first_year_from
from procurement.choices import FlagSubject
from procurement.models import Flag, Package


class PackageHolding(Holding):
    """A year's packages go with its programmes, the finished and cancelled ones too: what a page says of the programmes
    of an OPD and of their packages speaks of the same year and budget. Who bought stays readable (`bought_by`). A
    package of a year that is over stays with its programme, where the year's lists and forms look for it; whoever
    continues the OPD (`Agency.continued_by`) carries out what is open of it, as it finishes the last reports."""

    name, label, model = "package", _("Packages of the year"), Package
    bears_name = True
    follows = ("program", "program_id")

    def rows(self, agency: Agency, day: dt.date) -> Any:
        return Package.objects.filter(fiscal_year__gte=first_year_from(day), agency=agency).order_by("rup_code")

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        super().move(keys, former, successor, day)
        of_the_package = Flag.objects.exclude(subject__in=[FlagSubject.BUYER, FlagSubject.ENTITY])
        of_the_package.filter(package__in=keys).update(agency=successor)
