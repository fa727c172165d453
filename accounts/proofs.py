"""Roles and tokens against the trail: each change of them has its act there, which is sealed.

The history says by whom a row was changed, but its context is what the connection said of itself. Whoever writes past
the portal and names somebody else would have to make up the act as well, in the trail that people read.
"""

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core import audit
from core.chain import ChainFinding
from core.models import ChainBlock
from core.sql import statements

STATEMENTS = statements("proofs.sql", beside=__file__)
TABLES = {"memberships": "accounts_membership", "tokens": "accounts_apitoken"}


def record_roles(user: User, *, actor: User, reason: str = "") -> str:
    """The act of the trail for what a person's roles have become; in words. `proofs.sql` compares `held`, a
    row's key, role, OPD and last day, with the history of the rows."""
    rows = list(Membership.objects.filter(user=user).select_related("agency"))
    words = ", ".join(map(str, rows)) or "–"
    held = [[row.pk, row.role, row.agency_id, row.last_day and row.last_day.isoformat()] for row in rows]
    audit.record("roles.changed", user, by=actor, reason=reason, roles=words, held=held)
    return words


def findings() -> list[ChainFinding]:
    """What was there when the history was sealed for the first time is left out, as by the chain itself."""
    first = ChainBlock.objects.order_by("number").values_list("pk", flat=True).first()
    if first is None:
        return []
    found = []
    with connection.cursor() as cursor:
        for name, table in TABLES.items():
            cursor.execute(STATEMENTS[name], {"first": first})
            what = _("was changed, and the trail has no act of it")
            found += [ChainFinding(table, row, what) for (row,) in cursor.fetchall()]
    return found
