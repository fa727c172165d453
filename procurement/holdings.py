"""What an OPD's successor takes over of its procurement: the packages of the year and earlier ones that are open."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding
from accounts.models import Agency
from core.periods import first_year_from
from procurement.choices import PACKAGE_TRANSITIONS, FlagSubject
from procurement.models import Flag, Package


class PackageHolding(Holding):
    """A year's packages go with its programmes, the finished and cancelled ones too: what a page says of the programmes
    of an OPD and of their packages speaks of the same year and budget. Who bought stays readable (`bought_by`), and
    of a year that is over only what still has to be carried out goes."""

    name, label, model = "package", _("Packages of the year, and earlier ones that are not finished"), Package
    bears_name = True
    follows = ("program", "program_id")

    def rows(self, agency: Agency, day: dt.date) -> Any:
        unfinished = Q(state__in=[state for state, following in PACKAGE_TRANSITIONS.items() if following])
        return Package.objects.filter(unfinished | Q(fiscal_year__gte=first_year_from(day)), agency=agency).order_by(
            "rup_code"
        )

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        super().move(keys, former, successor, day)
        of_the_package = Flag.objects.exclude(subject__in=[FlagSubject.BUYER, FlagSubject.ENTITY])
        of_the_package.filter(package__in=keys).update(agency=successor)
