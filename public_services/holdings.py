"""What an OPD's successor goes on offering to the public."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding, told_apart
from accounts.models import Agency
from public_services.models import PublicService

NAME_LENGTH = 200


class ServiceHolding(Holding):
    """Those that are offered; what was given up stays where it was."""

    name, label, model = "service", _("Public services"), PublicService
    bears_name = True

    def rows(self, agency: Agency, day: dt.date) -> Any:
        return PublicService.objects.filter(agency=agency, is_active=True).order_by("name")

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        there = set(PublicService.objects.filter(agency=successor).values_list("name", flat=True))
        for row in PublicService.objects.filter(pk__in=keys, name__in=set(there)):
            name = told_apart(row.name, former, NAME_LENGTH, there)
            there.add(name)
            PublicService.objects.filter(pk=row.pk).update(name=name)
        super().move(keys, former, successor, day)
