"""Who may look for connections and say what was found: every act as a pair of `check_may_x` and `may_x`."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed


def check_may_review(user: User) -> None:
    """See leads and connections, and write down what was found: a lead names people, and is no verdict."""
    require_role(user, Role.AUDITOR)


may_review = allowed(check_may_review)
