"""Changing services and procedures: one transaction each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.services import notify
from core import audit
from core.versioning import locked_at
from public_services.choices import ProcedureState
from public_services.complexity import Complexity, StepFacts, measure
from public_services.models import ADOPT_PROCEDURE, DocumentKind, Procedure, ProcedureStep, PublicService
from public_services.permissions import (
    check_may_create,
    check_may_decide,
    check_may_edit,
    check_may_edit_procedure,
    check_may_withdraw,
)


@dataclass(frozen=True)
class StepInput:
    """A step as it was entered; its number is its place."""

    name: str
    actor: str
    days: Decimal
    is_visit: bool
    documents: list[DocumentKind] = field(default_factory=list)


@transaction.atomic
def save_service(
    *, service: PublicService, version: int, agency: Agency, by: User, values: Mapping[str, Any]
) -> PublicService:
    """A new service of the OPD, or its next version. Raises Conflict."""
    if service._state.adding:  # noqa: SLF001 (Django's own mark)
        check_may_create(by, agency)
        row = PublicService(agency=agency, **values)
        row.save()
        audit.record("service.created", row, by=by)
        return row
    row = locked_at(PublicService.objects.all(), service.pk, version)
    check_may_edit(by, row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save_next_version()
    return row


@transaction.atomic
def save_procedure(
    *,
    service: PublicService,
    by: User,
    steps: Iterable[StepInput],
    reason: str = "",
    procedure: Procedure | None = None,
) -> Procedure:
    """Write the steps of a procedure and what they add up to.

    The first procedure of a service is in force at once; later ones are proposals, which the head of the OPD decides
    on.
    `procedure` is a proposal that is changed, or the procedure in force that was entered wrongly. Raises
    ValidationError.
    """
    steps = list(steps)
    if not steps:
        raise ValidationError(_("Enter at least one step."))
    service = PublicService.objects.select_for_update().get(pk=service.pk)
    check_may_edit(by, service)
    if procedure is None:
        procedure = _begun(service, by, reason)
    else:
        procedure = Procedure.objects.select_for_update(of=("self",)).select_related("service").get(pk=procedure.pk)
        check_may_edit_procedure(by, procedure)
    _write_steps(procedure, steps)
    found = measured(procedure)
    procedure.steps_count, procedure.hand_overs, procedure.visits = found.steps, found.hand_overs, found.visits
    procedure.documents, procedure.known_documents = found.documents, found.known_documents
    procedure.days, procedure.score = found.days, found.score
    procedure.reason = reason.strip() or procedure.reason
    procedure.save_next_version()
    audit.record("procedure.saved", procedure, by=by, score=str(found.score), state=procedure.state)
    if procedure.state == ProcedureState.PROPOSED:
        text = _("A shorter procedure of %(service)s is proposed and waits for your decision.") % {"service": service}
        ADOPT_PROCEDURE.tell(procedure.pk, service.agency_id, text, service.get_absolute_url())
    return procedure


def _begun(service: PublicService, by: User, reason: str) -> Procedure:
    is_first = not service.procedures.in_force().exists()
    procedure = Procedure(
        service=service,
        state=ProcedureState.IN_FORCE if is_first else ProcedureState.PROPOSED,
        reason=reason.strip(),
        created_by=by,
    )
    procedure.full_clean(exclude=["service"])
    procedure.save()
    return procedure


def _write_steps(procedure: Procedure, steps: Iterable[StepInput]) -> None:
    """In place of those that were there."""
    procedure.steps.all().delete()
    for number, step in enumerate(steps, start=1):
        row = ProcedureStep(
            procedure=procedure, number=number, name=step.name, actor=step.actor, days=step.days, is_visit=step.is_visit
        )
        row.full_clean(exclude=["procedure"])
        row.save()
        row.documents.set(step.documents)


def measured(procedure: Procedure) -> Complexity:
    """What the stored steps add up to; three queries."""
    facts = [
        StepFacts(step.actor, step.days, step.is_visit, frozenset(kind.pk for kind in step.documents.all()))
        for step in procedure.steps.order_by("number").prefetch_related("documents")
    ]
    return measure(facts, frozenset(DocumentKind.objects.exclude(held_by="").values_list("pk", flat=True)))


@transaction.atomic
def decide_proposal(*, procedure: Procedure, by: User, adopt: bool, reason: str) -> Procedure:
    """The head of the OPD adopts a proposal, which replaces what is in force, or refuses it. Raises ValidationError."""
    PublicService.objects.select_for_update().get(pk=procedure.service_id)
    procedure = (
        Procedure.objects.select_for_update(of=("self",)).select_related("service", "created_by").get(pk=procedure.pk)
    )
    check_may_decide(by, procedure)
    if not reason.strip():
        raise ValidationError(_("Give the reason for the decision."))
    now, lender = timezone.now(), ADOPT_PROCEDURE.lender(by, procedure.service.agency_id)
    audit.with_reason(reason.strip())
    if adopt:
        for earlier in procedure.service.procedures.in_force():
            earlier.state, earlier.decided_at = ProcedureState.REPLACED, now
            earlier.decided_by, earlier.acting_for = by, lender
            earlier.save_next_version()
    procedure.state = ProcedureState.IN_FORCE if adopt else ProcedureState.REFUSED
    procedure.decided_by, procedure.decided_at, procedure.decision_reason = by, now, reason.strip()
    procedure.acting_for = lender
    procedure.save_next_version()
    audit.record("procedure.decided", procedure, by=by, reason=reason.strip(), acting_for=lender, adopted=adopt)
    text = _("Your proposal for %(service)s is %(state)s.") % {
        "service": procedure.service,
        "state": procedure.get_state_display(),
    }
    notify([procedure.created_by], text, procedure.service.get_absolute_url())
    return procedure


@transaction.atomic
def withdraw_proposal(*, procedure: Procedure, by: User) -> Procedure:
    """Proposed → taken back. Raises ValidationError once it was opened or decided."""
    procedure = Procedure.objects.select_for_update(of=("self",)).select_related("service").get(pk=procedure.pk)
    check_may_withdraw(by, procedure)
    procedure.state = ProcedureState.RECALLED
    procedure.save_next_version()
    audit.record("procedure.withdrawn", procedure, by=by)
    return procedure
