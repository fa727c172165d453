"""Who may read the trail."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed


def check_may_read(user: User) -> None:
    require_role(user, Role.AUDITOR, Role.ADMINISTRATOR)


may_read = allowed(check_may_read)
