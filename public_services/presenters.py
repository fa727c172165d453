"""What the page of a service shows."""

from typing import Any

from accounts.models import User
from core.audit import history_of
from core.permissions import refusal
from public_services import flow
from public_services.choices import ComplexityBand, ProcedureState
from public_services.models import DocumentKind, Procedure, PublicService
from public_services.permissions import check_may_decide, may_decide, may_edit, may_withdraw

PAST = frozenset({ProcedureState.REPLACED, ProcedureState.REFUSED, ProcedureState.RECALLED})


def service_page(user: User, row: PublicService, **more: Any) -> dict[str, Any]:
    """The procedure in force as a flow, the proposals that wait, the earlier ones, the history."""
    procedures = list(
        row.procedures.select_related("created_by", "decided_by", "acting_for").prefetch_related("steps__documents")
    )
    current = next((item for item in procedures if item.state == ProcedureState.IN_FORCE), None)
    proposals = [item for item in procedures if item.state == ProcedureState.PROPOSED]
    return {
        "service": row,
        "current": current,
        "flow": flow.draw(list(current.steps.all())) if current else None,
        "known": known_documents(current),
        "proposals": [_proposal(user, item) for item in proposals],
        "earlier": [item for item in procedures if item.state in PAST],
        "history": history_of(row),
        "may_edit": may_edit(user, row),
        "complex": ComplexityBand.COMPLEX,
    } | more


def _proposal(user: User, item: Procedure) -> dict[str, Any]:
    """A proposal with its picture, and to the head why somebody else decides on it."""
    mine = may_decide(user, item)
    asks = user.heads(item.service.agency_id) and not mine
    return {
        "proposal": item,
        "picture": flow.draw(list(item.steps.all())),
        "may_decide": mine,
        "may_withdraw": may_withdraw(user, item),
        "why_not": refusal(check_may_decide, user, item) if asks else "",
    }


def known_documents(procedure: Procedure | None) -> list[DocumentKind]:
    """Documents of the procedure that the government already has."""
    if procedure is None:
        return []
    found = {kind.pk: kind for step in procedure.steps.all() for kind in step.documents.all() if kind.held_by}
    return sorted(found.values(), key=lambda kind: kind.name)
