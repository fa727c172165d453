"""Who reads the dashboards: the access rules that several pages share, and a reader who stands for roles."""

from collections.abc import Iterable

from accounts.models import Membership, User
from core.access import Scope, roles
from core.choices import AGENCY_ROLES, Role

OVERVIEW_ROLES = (Role.GOVERNORS_OFFICE, Role.VERIFIER, Role.AUDITOR)
OVERVIEW_READERS = roles(*OVERVIEW_ROLES, scope=Scope.PROVINCE)
AGENCY_PAGE_READERS = roles(*AGENCY_ROLES, *OVERVIEW_ROLES, scope=Scope.OWN_AGENCY)
OFFICE = roles(Role.GOVERNORS_OFFICE, scope=Scope.PROVINCE)


def reader_with(of_province: Iterable[Role]) -> User:
    """Somebody who sees what these roles of the province see, where nobody in person asked. Never saved."""
    user = User(username="bahan-rapat")
    user.all_memberships = [Membership(user=user, role=role) for role in of_province]
    return user


def office_reader() -> User:
    """Who sees what the governor's office sees: for the weekly briefing, the public page, the worker."""
    return reader_with([Role.GOVERNORS_OFFICE])
