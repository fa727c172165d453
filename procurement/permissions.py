"""Who may act at all: what the permissions of the subjects have in common. Each raises PermissionDenied."""

from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.choices import Role


def require_operator(user: User, agency_id: int) -> None:
    """Somebody who enters for the OPD."""
    if not user.operates(agency_id):
        raise PermissionDenied


def require_head(user: User, agency_id: int) -> None:
    """The head of the OPD, or who stands in today."""
    if not user.heads(agency_id):
        raise PermissionDenied


def require_role(user: User, *roles: Role) -> None:
    if not user.has_role(*roles):
        raise PermissionDenied
