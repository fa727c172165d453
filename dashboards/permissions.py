"""What permissions of the dashboards have in common."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from core.choices import Role


def require_office(user: User) -> None:
    """Raises ValidationError unless this person is of the governor's office."""
    if not user.has_role(Role.GOVERNORS_OFFICE):
        raise ValidationError(_("Only the governor's office may do that."))
