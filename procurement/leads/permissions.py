"""Who may look for connections and say what was found: every act as a pair of `check_may_x` and `may_x`."""

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed
from procurement.models import REVIEW_LEAD, Lead


def check_may_look(user: User) -> None:
    """See leads and connections at all: a lead names people, and is no verdict."""
    require_role(user, Role.AUDITOR)


def check_may_review(user: User, lead: Lead) -> None:
    """Write down what was found; never about oneself or one's own package."""
    REVIEW_LEAD.check(user, lead.pk, lead.package.agency_id if lead.package else None)


may_look = allowed(check_may_look)
may_review = allowed(check_may_review)
