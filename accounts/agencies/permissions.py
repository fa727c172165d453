"""Who renames, merges and splits OPD."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed


def check_may_change(user: User) -> None:
    require_role(user, Role.DATA_STEWARD)


may_change = allowed(check_may_change)
