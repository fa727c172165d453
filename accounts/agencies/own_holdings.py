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
                _prolong(other, row)
                row.delete()
                continue
            if other is not None:
                _prolong(row, other)
                other.delete()
            row.agency = successor
            row.save(update_fields=["agency", "last_day"])


def _holds(row: Membership) -> tuple[bool, bool, bool, dt.date]:
    """How much a row holds, to be compared: today, its own, at all still, how long."""
    today = timezone.localdate()
    last = row.last_day or dt.date.max
    holds_today = (row.first_day or dt.date.min) <= today <= last
    return holds_today and row.delegated_by_id is None, holds_today, row.delegated_by_id is None, last


def _prolong(stays: Membership, goes: Membership) -> None:
    """An own role goes on as long as the other own row of it would have, where that one begins before it ends."""
    if stays.delegated_by_id or goes.delegated_by_id or stays.last_day is None:
        return
    if (goes.first_day or dt.date.min) > stays.last_day + dt.timedelta(days=1):
        return
    if goes.last_day is None or goes.last_day > stays.last_day:
        stays.last_day = goes.last_day
        stays.save(update_fields=["last_day"])


class UnitHolding(Holding):
    name, label, model = "unit", _("Units of the SSO"), UnitCode
