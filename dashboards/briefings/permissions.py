"""Who may issue the weekly briefing, and put its parts in another order."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed


def check_may_issue(user: User) -> None:
    require_role(user, Role.GOVERNORS_OFFICE)


def check_may_reorder(user: User) -> None:
    require_role(user, Role.GOVERNORS_OFFICE)


may_issue = allowed(check_may_issue)
may_reorder = allowed(check_may_reorder)
