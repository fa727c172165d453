"""Who may see how the hash chain is, and have it verified: every act as a pair of `check_may_x` and `may_x`."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed


def check_may_verify(user: User) -> None:
    require_role(user, Role.AUDITOR, Role.ADMINISTRATOR)


may_verify = allowed(check_may_verify)
