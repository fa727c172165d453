"""Who holds two roles of which one checks the other.

In a single matter `accounts.separation` keeps one person from deciding twice. A person who holds both roles for good
leaves the matters to whoever else is there, which is worth a look.
"""

from collections import defaultdict
from dataclasses import dataclass

from accounts.models import Membership, User
from core.choices import AGENCY_ROLES, Role

# The Inspektorat looks at what everybody else does, Bappeda at what the OPD send.
CHECKS: dict[str, frozenset[Role]] = {
    Role.AUDITOR: frozenset(Role) - {Role.AUDITOR},
    Role.VERIFIER: AGENCY_ROLES,
}


@dataclass(frozen=True)
class RolePair:
    user: User
    held: list[Membership]


def found() -> list[RolePair]:
    """By name. One query: the memberships in force of all who act here."""
    rows = Membership.objects.in_force().filter(user__is_active=True).select_related("user", "agency")
    held: dict[int, list[Membership]] = defaultdict(list)
    for row in rows.order_by("user__full_name", "user_id", "role"):
        held[row.user_id].append(row)
    return [RolePair(rows[0].user, rows) for rows in held.values() if _check_each_other(rows)]


def _check_each_other(held: list[Membership]) -> bool:
    roles = {row.role for row in held}
    operated = {row.agency_id for row in held if row.role == Role.OPERATOR}
    headed = {row.agency_id for row in held if row.role == Role.AGENCY_HEAD}
    return bool(operated & headed) or any(role in roles and roles & checked for role, checked in CHECKS.items())
