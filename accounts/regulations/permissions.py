"""Who writes down that a regulation was compared with its text."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed

CHECKERS = (Role.DATA_STEWARD, Role.ADMINISTRATOR)


def check_may_confirm(user: User) -> None:
    require_role(user, *CHECKERS)


may_confirm = allowed(check_may_confirm)
