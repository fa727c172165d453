"""Who answers for a minimum service after an OPD has been renamed, merged or split."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding
from accounts.models import Agency
from spm.models import ServiceKind


class DutyHolding(Holding):
    name, label, model = "duty", _("Minimum services (SPM) that it answers for"), ServiceKind
    agency_field = "agencies"

    def rows(self, agency: Agency, day: dt.date) -> Any:
        in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return ServiceKind.objects.filter(in_force, agencies=agency).order_by("code", "pk")

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        for service in ServiceKind.objects.filter(pk__in=keys):
            service.agencies.remove(former)
            service.agencies.add(successor)
