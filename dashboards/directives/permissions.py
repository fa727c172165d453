"""Who may give and follow up a directive, and in which state: every act as a pair of `check_may_x` and `may_x`."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.decided import AlreadyDecided
from core.permissions import allowed
from dashboards.choices import DIRECTIVE_TRANSITIONS, DirectiveState
from dashboards.models import CLOSE_DIRECTIVE, Directive

# The OPD reports progress or says that it is carried out; the office closes it or sends it back.
CLOSING = frozenset({DirectiveState.DONE, DirectiveState.WITHDRAWN})
OFFICE_SAYS = frozenset({DirectiveState.OPEN}) | CLOSING
AGENCY_SAYS = frozenset({DirectiveState.OPEN, DirectiveState.ANSWERED})


def check_may_give(user: User) -> None:
    require_role(user, Role.GOVERNORS_OFFICE)


def check_may_follow_up(user: User, directive: Directive) -> None:
    """A word on a directive that is not closed: the office, and the OPD that it was given to."""
    if not DIRECTIVE_TRANSITIONS[directive.state]:
        last = directive.follow_ups.filter(state=directive.state).select_related("by").order_by("-pk").first()
        raise AlreadyDecided(directive.get_state_display(), last and last.by, last.at if last else directive.closed_at)
    if not user.has_role(Role.GOVERNORS_OFFICE) and directive.agency_id not in user.agency_ids:
        raise PermissionDenied(_("Only the governor's office and the OPD concerned may do that."))


def check_may_move(user: User, directive: Directive, state: str) -> None:
    """A word after which the directive is in that state; nobody closes what they themselves called carried out."""
    if state in CLOSING & DIRECTIVE_TRANSITIONS[directive.state]:
        CLOSE_DIRECTIVE.check(user, directive.pk, directive.agency_id)
        return
    check_may_follow_up(user, directive)
    says = OFFICE_SAYS if user.has_role(Role.GOVERNORS_OFFICE) else AGENCY_SAYS
    if state not in says & DIRECTIVE_TRANSITIONS[directive.state]:
        raise ValidationError(_("Choose one of the buttons."))


may_give = allowed(check_may_give)
may_follow_up = allowed(check_may_follow_up)
may_move = allowed(check_may_move)
