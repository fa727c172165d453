"""Decisions about packages and declarations: one transaction each, with its audit event."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_year
from accounts.services import notify
from core import audit
from core.versioning import Conflict, locked_at
from procurement import after_changes
from procurement.choices import GATED_STATES, STEPS_WITH_REASON, PackageState
from procurement.declarations.gate import obstacles
from procurement.models import (
    OVERRIDE_GATE,
    GateOverride,
    Officer,
    Package,
    PackageStep,
)
from procurement.packages import permissions
from procurement.packages.conditions import lacking, state_before


@transaction.atomic
def create_package(*, agency: Agency, fiscal_year: int, by: User, values: Mapping[str, Any]) -> Package:
    permissions.check_may_create(by, agency)
    require_year(agency, fiscal_year)
    package = Package.objects.create(agency=agency, fiscal_year=fiscal_year, created_by=by, **values)
    audit.record("package.created", package, by=by)
    return package


@transaction.atomic
def update_package(*, pk: int, version: int, by: User, values: Mapping[str, Any]) -> Package:
    """Change the facts of a planned package. Raises Conflict, and ValidationError once it is announced."""
    package = locked_at(Package.objects.editable_by(by), pk, version)
    permissions.check_may_edit(by, package)
    for name, value in values.items():
        setattr(package, name, value)
    package.save_next_version()
    return package


@transaction.atomic
def assign_officer(*, package: Package, user: User, role: str, by: User) -> Officer:
    """Put somebody on the package, and tell them that they have to declare first. Raises ValidationError."""
    permissions.check_may_assign(by, package)
    return _put_on(Officer(package=package, user=user, role=role), by)


def _put_on(officer: Officer, by: User, **details: Any) -> Officer:
    package, user = officer.package, officer.user
    if Officer.objects.recused().filter(package=package, user=user).exists():
        raise ValidationError(
            _("%(person)s has to be replaced on this package because of a conflict of interest and cannot come back.")
            % {"person": user}
        )
    officer.full_clean()
    officer.save()
    audit.record("officer.assigned", package, by=by, officer=user.pk, role=officer.role, **details)
    text = _("Declare your interests in %(package)s before you take up the task.") % {"package": package}
    notify([user], text, package.get_absolute_url())
    return officer


@transaction.atomic
def replace_officer(*, officer: Officer, user: User, by: User) -> Officer:
    """Somebody else takes the place of a person whom the superior's decision recuses. Raises ValidationError."""
    officer = Officer.objects.select_for_update(of=("self",)).select_related("package", "user").get(pk=officer.pk)
    package = officer.package
    permissions.check_may_replace(by, officer)
    Officer.objects.filter(pk=officer.pk).update(removed_at=timezone.now())
    audit.record("officer.removed", package, by=by, officer=officer.user_id, role=officer.role)
    notify(
        [officer.user],
        _("%(person)s takes your place on %(package)s.") % {"person": user, "package": package},
        package.get_absolute_url(),
    )
    return _put_on(
        Officer(package=package, user=user, role=officer.role, replaces=officer), by, replaces=officer.user_id
    )


@transaction.atomic
def remove_officer(*, package: Package, officer: Officer, by: User) -> None:
    """Take somebody off who has not declared; afterwards the declaration is evidence, and a removal says so."""
    permissions.check_may_assign(by, package)
    declarations = officer.declarations.all()
    if declarations.exists() and not declarations.filter(decision__isnull=False).exists():
        raise ValidationError(_("The superior has to decide on this declaration before the person is replaced."))
    audit.record("officer.removed", package, by=by, officer=officer.user_id, role=officer.role)
    if declarations.exists():
        Officer.objects.filter(pk=officer.pk).update(removed_at=timezone.now())
    else:
        officer.delete()


@transaction.atomic
def move_package(*, pk: int, version: int, by: User, state: PackageState, comment: str = "") -> Package:
    """One step along PACKAGE_STEPS. Raises Conflict, and ValidationError that lists what still stands in the
    way."""
    try:
        package = locked_at(Package.objects.editable_by(by), pk, version)
    except Conflict as faster:
        permissions.check_may_move(by, faster.current, state)  # type: ignore[arg-type]  # a Package, as the queryset is
        raise
    permissions.check_may_move(by, package, state)
    comment = comment.strip()
    if state in STEPS_WITH_REASON and not comment:
        raise ValidationError(_("Say why the package is cancelled or has failed."))
    if not comment and (excusable := [each.text for each in lacking(package, state)]):
        raise ValidationError([*excusable, _("Enter it, or say in the comment why the package is done without.")])
    before = package.state
    package.step_to(state)
    _require_declarations(package, state)
    audit.with_reason(comment)
    package.save_next_version()
    PackageStep.objects.create(package=package, from_state=before, to_state=state, by=by, comment=comment)
    audit.record(f"package.{state}", package, by=by, reason=comment)
    after_changes.raise_flags_soon()
    return package


def _require_declarations(package: Package, state: PackageState) -> None:
    let_pass = package.overrides.filter(to_state=state).exists()
    if state in GATED_STATES and not let_pass and (missing := obstacles(package)):
        raise ValidationError(missing)


@transaction.atomic
def step_back(*, pk: int, version: int, by: User, reason: str) -> Package:
    """Take the package's last step back. Raises Conflict, and ValidationError with what stands against it."""
    package = locked_at(Package.objects.editable_by(by), pk, version)
    permissions.check_may_step_back(by, package)
    if not reason.strip():
        raise ValidationError(_("Say why the step is taken back."))
    left, state = package.state, state_before(package)
    assert state is not None  # noqa: S101 (the check has refused where there is none)
    package.state = state
    if state == PackageState.PLANNED:
        package.announced_at = None
    _require_declarations(package, state)
    audit.with_reason(reason.strip())
    package.save_next_version()
    PackageStep.objects.create(package=package, from_state=left, to_state=state, by=by, comment=reason.strip())
    audit.record("package.step_taken_back", package, by=by, reason=reason.strip(), state=left, to_state=state)
    after_changes.raise_flags_soon()
    return package


@transaction.atomic
def override_gate(*, package: Package, by: User, reason: str) -> GateOverride:
    """Let the package pass its next gate without complete declarations. Raises ValidationError."""
    package = Package.objects.select_for_update().get(pk=package.pk)
    missing = obstacles(package)
    permissions.check_may_override(by, package, missing)
    step = package.next_gates[0]
    audit.with_reason(reason)
    lender = OVERRIDE_GATE.lender(by, package.agency_id)
    override = GateOverride(
        package=package, to_state=step, obstacles=missing, reason=reason.strip(), by=by, acting_for=lender
    )
    override.full_clean()
    override.save()
    audit.record(
        "gate.overridden",
        package,
        by=by,
        reason=reason.strip(),
        acting_for=lender,
        to_state=step,
        obstacles=missing,
    )
    return override
