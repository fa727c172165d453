"""What the accounts' own tables know of an OPD: its people, its units at the SSO."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding
from accounts.models import Agency, Membership, UnitCode


class MemberHolding(Holding):
    """Roles that are held now or later; those that are over stay with the OPD at which they were held."""

    name, label, model = "member", _("Members and their roles"), Membership

    def rows(self, agency: Agency, day: dt.date) -> Any:
        rows = Membership.objects.filter(Q(last_day__isnull=True) | Q(last_day__gte=day), agency=agency)
        return rows.select_related("user", "agency", "delegated_by").order_by("user__full_name", "role", "pk")

    def said(self, row: Membership) -> str:
        return f"{row.user} ({row.get_role_display()})"

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        """Who holds the role at the successor already keeps it there, and the other one is over."""
        there = set(Membership.objects.filter(agency=successor).values_list("user_id", "role"))
        for row in Membership.objects.filter(pk__in=keys):
            if (row.user_id, row.role) in there:
                row.delete()
            else:
                row.agency = successor
                row.save(update_fields=["agency"])


class UnitHolding(Holding):
    name, label, model = "unit", _("Units of the SSO"), UnitCode
