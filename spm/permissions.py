"""Who may enter the months and the stages of a service."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User
from core.permissions import allowed
from spm.models import ServiceKind


def check_may_enter(user: User, service: ServiceKind) -> None:
    """Operators of an OPD that answers for the service."""
    if user.operated_agency_ids.isdisjoint(agency.pk for agency in service.agencies.all()):
        raise PermissionDenied(_("Only an operator of an OPD that answers for this service may do that."))


may_enter = allowed(check_may_enter)
