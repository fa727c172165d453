"""Who may declare, decide on a declaration and look behind its mask: every act as a pair of `check_may_x` and
`may_x`."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_living, require_role
from accounts.separation import loan_of, require_holder, require_unconcerned
from core.choices import Role
from core.decided import AlreadyDecided
from core.formats import acting
from core.permissions import allowed
from procurement.models import DECIDE_DECLARATION, Declaration, Officer

UNMASKERS = (Role.AUDITOR, Role.AGENCY_HEAD)


def check_may_declare(user: User, officer: Officer) -> None:
    """Only the official declares, while on the package."""
    if officer.user_id != user.pk:
        raise PermissionDenied(_("Everybody declares for themselves."))
    if officer.removed_at is not None:
        raise ValidationError(_("This person is no longer on the package."))


def check_may_declare_for_year(user: User, agency: Agency) -> None:
    if agency.pk not in user.agency_ids:
        raise PermissionDenied(_("Only members of this OPD declare here."))
    require_living(agency)


def check_may_decide(user: User, declaration: Declaration) -> None:
    """The superior, once, on the newest version; never one's own, nor that of who lent the role."""
    if declaration.superseded_at is not None:
        raise ValidationError(_("A newer version of this declaration has come in. Decide on that one."))
    if hasattr(declaration, "decision"):
        made = declaration.decision
        raise AlreadyDecided(_("decided"), acting(made.decided_by, made.acting_for), made.decided_at)
    declaration.act.check(user, declaration.pk, declaration.agency_id)


def check_may_unmask(user: User, declaration: Declaration) -> None:
    """See an identity number in the clear: the auditor, and the head of the OPD; not in one's own matter, nor in one
    in which one's own number stands."""
    require_unconcerned(user, declaration.agency_id, DECIDE_DECLARATION.people(declaration.pk))
    require_holder(user, declaration.agency_id, *UNMASKERS)


def unmasks_for(user: User, declaration: Declaration) -> User | None:
    """Who lent the role in which somebody looks."""
    loan = loan_of(user, declaration.agency_id, UNMASKERS)
    return loan.delegated_by if loan is not None else None


def check_may_export_register(user: User) -> None:
    require_role(user, Role.AGENCY_HEAD, Role.AUDITOR)


may_declare = allowed(check_may_declare)
may_declare_for_year = allowed(check_may_declare_for_year)
may_decide = allowed(check_may_decide)
may_unmask = allowed(check_may_unmask)
may_export_register = allowed(check_may_export_register)
