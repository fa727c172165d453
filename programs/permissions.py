"""What permissions of programmes and of reports have in common."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User


def require_operator(user: User, agency_id: int) -> None:
    """Raises ValidationError unless this person enters for the OPD."""
    if not user.operates(agency_id):
        raise ValidationError(_("Only an operator of this OPD may do that."))
