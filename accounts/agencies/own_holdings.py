"""What the accounts' own tables know of an OPD: its people, its units at the SSO."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils import timezone
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
        """Of two rows of one role the one stays that holds more: nobody loses a role by another one that is over, is
        only lent, ends sooner, or begins later."""
        there = {(row.user_id, row.role): row for row in Membership.objects.filter(agency=successor)}
        for row in Membership.objects.filter(pk__in=keys):
            other = there.get((row.user_id, row.role))
            if other is not None and _holds(other) >= _holds(row):
                row.delete()
                continue
            if other is not None:
                other.delete()
            row.agency = successor
            row.save(update_fields=["agency"])


def _holds(row: Membership) -> tuple[bool, bool, dt.date, int]:
    """How much a row holds, to be compared: not over, own, how long, from when."""
    last = row.last_day or dt.date.max
    first = row.first_day or dt.date.min
    return last >= timezone.localdate(), row.delegated_by_id is None, last, -first.toordinal()


class UnitHolding(Holding):
    name, label, model = "unit", _("Units of the SSO"), UnitCode
