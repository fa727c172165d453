"""Who may silence a warning, and let it speak again."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed


def check_may_silence(user: User) -> None:
    require_role(user, Role.GOVERNORS_OFFICE)


may_silence = allowed(check_may_silence)
