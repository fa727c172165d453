"""Who may plan packages, put people on them and move them on: every act as a pair of `check_may_x` and `may_x`."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_living, require_operator
from core.access import Scope, roles
from core.choices import Role
from core.decided import AlreadyDecided
from core.permissions import allowed
from procurement.choices import MissingClearance, PackageState
from procurement.models import OVERRIDE_GATE, PACKAGE_READERS, Clearance, Officer, Package
from procurement.packages.conditions import lacking, stands_against_going_back

READERS = roles(Role.OPERATOR, Role.AGENCY_HEAD, *PACKAGE_READERS, scope=Scope.PROVINCE)
WRITERS = roles(Role.OPERATOR, scope=Scope.OWN_AGENCY)
REPLACED_WHILE = frozenset({PackageState.PLANNED, PackageState.ANNOUNCED})


def check_may_create(user: User, agency: Agency | None) -> None:
    if agency is None:
        raise PermissionDenied
    require_operator(user, agency.pk)
    require_living(agency)


def check_may_edit(user: User, package: Package) -> None:
    """Once announced, the facts of a package stand."""
    require_operator(user, package.agency_id)
    if not package.is_editable:
        raise ValidationError(
            _("This package is %(state)s and can no longer be changed.") % {"state": package.get_state_display()}
        )


def check_may_assign(user: User, package: Package) -> None:
    """Put people on the package, and take them off again."""
    require_operator(user, package.agency_id)
    if not package.is_editable:
        raise ValidationError(_("People are assigned while the package is planned."))


def check_may_replace(user: User, officer: Officer) -> None:
    """Put somebody else in the place of a person whom the superior's decision recuses; asks for the officer's
    clearance."""
    package = officer.package
    require_operator(user, package.agency_id)
    if package.state not in REPLACED_WHILE:
        raise ValidationError(_("The package is %(state)s.") % {"state": package.get_state_display()})
    if officer.removed_at is not None:
        raise ValidationError(_("This person is no longer on the package."))
    if not Clearance.objects.filter(officer=officer, missing=MissingClearance.REPLACEMENT).exists():
        raise ValidationError(_("Only somebody whom the superior wants replaced is replaced here."))


def check_may_move(user: User, package: Package, state: PackageState) -> None:
    """One step of the package's way, with what has to be there before it; whether the declarations let it pass is
    asked by the gate."""
    require_operator(user, package.agency_id)
    last = package.steps.select_related("by").first()
    if last is not None and state not in package.next_states:
        raise AlreadyDecided(package.get_state_display(), last.by, last.at)
    package.check_step(state)
    if missing := [each.text for each in lacking(package, state) if not each.is_excusable]:
        raise ValidationError(missing)


def check_may_step_back(user: User, package: Package) -> None:
    """Take the last step back; the declarations are asked again where it leads through their gate."""
    require_operator(user, package.agency_id)
    if reasons := stands_against_going_back(package):
        raise ValidationError(reasons)


def check_may_override(user: User, package: Package, obstacles: Collection[str]) -> None:
    """Let the package pass its next gate although `obstacles` stand in its way."""
    if not package.next_gates or not obstacles:
        raise ValidationError(_("Nothing holds this package up."))
    OVERRIDE_GATE.check(user, package.pk, package.agency_id)


may_create = allowed(check_may_create)
may_edit = allowed(check_may_edit)
may_assign = allowed(check_may_assign)
may_replace = allowed(check_may_replace)
may_move = allowed(check_may_move)
may_step_back = allowed(check_may_step_back)
may_override = allowed(check_may_override)
