"""Who may declare, decide on a declaration and look behind its mask: every act as a pair of `check_may_x` and
`may_x`."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed
from procurement.models import Declaration, Officer


def check_may_declare(user: User, officer: Officer) -> None:
    """Only the official declares, while on the package."""
    if officer.user_id != user.pk:
        raise PermissionDenied
    if officer.removed_at is not None:
        raise ValidationError(_("This person is no longer on the package."))


def check_may_declare_for_year(user: User, agency: Agency) -> None:
    if agency.pk not in user.agency_ids:
        raise PermissionDenied


def check_may_decide(user: User, declaration: Declaration) -> None:
    """The superior, once, on the newest version, and never on one's own."""
    if declaration.declarer_id == user.pk:
        raise PermissionDenied
    if declaration.superseded_at is not None:
        raise ValidationError(_("A newer version of this declaration has come in. Decide on that one."))
    if hasattr(declaration, "decision"):
        raise ValidationError(_("This declaration has been decided already."))
    if not Declaration.objects.awaiting_decision_of(user).filter(pk=declaration.pk).exists():
        raise PermissionDenied


def check_may_unmask(user: User, declaration: Declaration) -> None:
    """See an identity number in the clear: the auditor, and the head of the OPD."""
    if not (user.has_role(Role.AUDITOR) or user.heads(declaration.agency_id)):
        raise PermissionDenied


def check_may_export_register(user: User) -> None:
    require_role(user, Role.AGENCY_HEAD, Role.AUDITOR)


may_declare = allowed(check_may_declare)
may_declare_for_year = allowed(check_may_declare_for_year)
may_decide = allowed(check_may_decide)
may_unmask = allowed(check_may_unmask)
may_export_register = allowed(check_may_export_register)
