"""Who may act at all: what the permissions of every subject have in common.

Each raises PermissionDenied with the reason, which the page of the refusal shows.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from core.access import names
from core.choices import Role
from core.periods import first_year_from


def require_operator(user: User, agency_id: int) -> None:
    """Somebody who enters for the OPD."""
    if not user.operates(agency_id):
        raise PermissionDenied(_("Only an operator of this OPD may do that."))


def require_role(user: User, *roles: Role) -> None:
    if not user.has_role(*roles):
        raise PermissionDenied(_("Only these roles may do that: %(roles)s.") % {"roles": names(roles)})


def require_living(agency: Agency) -> None:
    """Nothing new begins at an OPD that no longer exists. Raises ValidationError with what to choose instead."""
    if agency.closed_on is not None:
        raise ValidationError(
            _("%(agency)s no longer exists since %(day)s. Choose %(successor)s.")
            % {
                "agency": agency,
                "day": f"{agency.closed_on:%d/%m/%Y}",
                "successor": agency.continued_by or _("another OPD"),
            }
        )


def require_year(agency: Agency, year: int) -> None:
    """Programmes, packages and lists of a fiscal year belong to the OPD that existed at its end. Raises
    ValidationError."""
    if not agency.keeps_year(year):
        if agency.closed_on is not None and first_year_from(agency.closed_on) <= year:
            require_living(agency)
        text = _(
            "%(agency)s exists since %(day)s: %(year)s belongs to the OPD before it. Choose that one or another year."
        )
        raise ValidationError(text % {"agency": agency, "day": f"{agency.opened_on:%d/%m/%Y}", "year": year})
