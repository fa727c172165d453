"""Who may ask about personal data, answer, and look somebody up: every act as a pair of `check_may_x` and `may_x`."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.decided import AlreadyDecided
from core.permissions import allowed
from procurement.choices import PrivacyRequestState
from procurement.models import ANSWER_REQUEST, PrivacyRequest


def check_may_ask(user: User, request: PrivacyRequest) -> None:
    """Everybody about themselves; the auditor also for somebody without an account."""
    if request.user_id != user.pk:
        check_may_answer_requests(user)


def check_may_answer_requests(user: User) -> None:
    """Answer at all, and see the requests of others."""
    require_role(user, Role.AUDITOR)


def check_may_answer(user: User, request: PrivacyRequest) -> None:
    ANSWER_REQUEST.check(user, request.pk, None)
    if request.state != PrivacyRequestState.OPEN:
        raise AlreadyDecided(_("answered"), request.answered_by, request.answered_at)


def check_may_search(user: User) -> None:
    """Look for a person by number in everything that is stored."""
    require_role(user, Role.AUDITOR)


may_ask = allowed(check_may_ask)
may_answer_requests = allowed(check_may_answer_requests)
may_answer = allowed(check_may_answer)
may_search = allowed(check_may_search)
