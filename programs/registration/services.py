"""Registering programmes with their indicators and targets: one transaction each, with its audit event."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_year
from core import audit
from core.models import Region
from core.periods import Period, PeriodKind
from core.versioning import locked_at
from programs.choices import ProgramState
from programs.models import (
    Indicator,
    IndicatorTarget,
    LegalBasis,
    Program,
    RegionTarget,
    SubActivity,
)
from programs.registration.permissions import (
    check_may_create,
    check_may_delete,
    check_may_edit,
    check_may_register,
    check_may_reopen,
)


@transaction.atomic
def create_program(
    *, agency: Agency, fiscal_year: int, by: User, values: Mapping[str, Any], regions: Iterable[Region]
) -> Program:
    """A draft of the OPD. `values` are the programme's own columns, cleaned."""
    check_may_create(by, agency)
    require_year(agency, fiscal_year)
    program = Program(agency=agency, fiscal_year=fiscal_year, created_by=by, **values)
    program.save()
    program.regions.set(regions)
    audit.record("program.created", program, by=by)
    return program


@transaction.atomic
def update_program(
    *, pk: int, version: int, by: User, values: Mapping[str, Any], regions: Iterable[Region], reason: str = ""
) -> Program:
    """Change a programme; once it is registered only with a reason. Raises Conflict and ValidationError."""
    program = locked_at(Program.objects.all(), pk, version)
    check_may_edit(by, program)
    _require_reason(program, reason)
    audit.with_reason(reason)
    for name, value in values.items():
        setattr(program, name, value)
    program.regions.set(regions)
    program.save_next_version()
    if program.state == ProgramState.REGISTERED:
        audit.record("program.changed", program, by=by, reason=reason)
    return program


@transaction.atomic
def save_indicators(
    *,
    pk: int,
    version: int,
    by: User,
    saved: Iterable[Indicator],
    removed: Iterable[Indicator],
    reason: str = "",
    quarter_targets: Iterable[tuple[Indicator, Mapping[int, Decimal | None]]] = (),
) -> Program:
    """Write a programme's indicators. A registered programme keeps an outcome or impact indicator and gives a reason.

    Raises Conflict, and ValidationError for an indicator that reports already use.
    """
    program = locked_at(Program.objects.all(), pk, version)
    check_may_edit(by, program)
    _require_reason(program, reason)
    audit.with_reason(reason)
    for indicator in removed:
        if indicator.values.filter(value__isnull=False).exists():
            raise ValidationError(
                _("“%(indicator)s” has reported values and cannot be removed.") % {"indicator": indicator}
            )
        indicator.values.all().delete()
        indicator.delete()
    for indicator in saved:
        indicator.program = program
        indicator.save()
    for indicator, quarters in quarter_targets:
        if indicator.pk:
            _set_quarter_targets(indicator, program.fiscal_year, quarters)
    program.save_next_version()
    if program.state == ProgramState.REGISTERED:
        program.require_impact_indicator()
        audit.record("program.indicators_changed", program, by=by, reason=reason)
    return program


def _set_quarter_targets(indicator: Indicator, year: int, quarters: Mapping[int, Decimal | None]) -> None:
    held = {row.period: row for row in indicator.targets.all()}
    for number, value in quarters.items():
        period = Period(year, PeriodKind.QUARTER, number)
        row = held.get(period)
        if value is None:
            if row is not None:
                row.delete()
        elif row is None:
            IndicatorTarget.objects.create(indicator=indicator, period=period, value=value)
        elif row.value != value:
            row.value = value
            row.save()


@transaction.atomic
def set_region_targets(*, program: Program, people: Mapping[Region, Any], by: User) -> None:
    """How many are to be reached where; None takes a target away."""
    check_may_edit(by, program)
    held = {row.region_id: row for row in program.region_targets.all()}
    for region, count in people.items():
        row = held.get(region.pk)
        if count is None:
            if row is not None:
                row.delete()
        elif row is None:
            RegionTarget.objects.create(program=program, region=region, people=int(count))
        elif row.people != int(count):
            row.people = int(count)
            row.save()
    audit.record("program.region_targets_set", program, by=by)


@transaction.atomic
def add_legal_basis(*, program: Program, basis: LegalBasis, by: User) -> LegalBasis:
    """What the programme, or an activity or sub-activity of it, rests on; the caller has validated it."""
    check_may_edit(by, program)
    basis.save()
    audit.record("program.legal_basis_added", program, by=by, basis=str(basis))
    return basis


def _require_reason(program: Program, reason: str) -> None:
    if program.state == ProgramState.REGISTERED and not reason.strip():
        raise ValidationError(_("This programme is registered: give the reason for the change."))


@transaction.atomic
def register_program(*, pk: int, by: User) -> Program:
    """Draft → registered. Raises ValidationError without an outcome or impact indicator."""
    program = Program.objects.select_for_update().get(pk=pk)
    check_may_register(by, program)
    program.register()
    program.save_next_version()
    audit.record("program.registered", program, by=by)
    return program


@transaction.atomic
def reopen_program(*, pk: int, by: User, reason: str) -> Program:
    """Registered → draft. Raises ValidationError once a report was begun, and without a reason."""
    program = Program.objects.select_for_update().get(pk=pk)
    check_may_reopen(by, program)
    if not reason.strip():
        raise ValidationError(_("Say why the programme becomes a draft again."))
    audit.with_reason(reason.strip())
    program.reopen()
    program.save_next_version()
    audit.record("program.reopened", program, by=by, reason=reason.strip())
    return program


@transaction.atomic
def delete_draft(*, pk: int, by: User) -> str:
    """Delete a draft and what hangs on it; the trail keeps what it was. Returns its name."""
    program = Program.objects.select_for_update().get(pk=pk)
    check_may_delete(by, program)
    audit.record(
        "program.deleted",
        program,
        by=by,
        agency=program.agency_id,
        fiscal_year=program.fiscal_year,
        code=program.nomenclature.code,
        indicators=list(program.indicators.values_list("name", flat=True)),
        activities=[str(row) for row in program.activities.select_related("nomenclature")],
        sub_activities=list(SubActivity.objects.filter(activity__program=program).values_list("sbl_code", flat=True)),
    )
    name = str(program)
    program.delete()
    return name
