"""Who may take the auditor's files away: every act as a pair of `check_may_x` and `may_x`."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed


def check_may_export(user: User) -> None:
    require_role(user, Role.AUDITOR)


may_export = allowed(check_may_export)
