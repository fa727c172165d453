"""Who may act at all: what the permissions of every subject have in common.

Each raises PermissionDenied with the reason, which the page of the refusal shows.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User
from core.access import names
from core.choices import Role


def require_operator(user: User, agency_id: int) -> None:
    """Somebody who enters for the OPD."""
    if not user.operates(agency_id):
        raise PermissionDenied(_("Only an operator of this OPD may do that."))


def require_role(user: User, *roles: Role) -> None:
    if not user.has_role(*roles):
        raise PermissionDenied(_("Only these roles may do that: %(roles)s.") % {"roles": names(roles)})
