"""What the page of a service shows."""

from typing import Any

from accounts.models import User
from core.audit import history_of
from public_services import flow
from public_services.choices import ComplexityBand, ProcedureState
from public_services.models import DocumentKind, Procedure, PublicService
from public_services.permissions import may_decide_proposals, may_edit


def service_page(user: User, row: PublicService, **more: Any) -> dict[str, Any]:
    """The procedure in force as a flow, the proposals that wait, the earlier ones, the history."""
    procedures = list(row.procedures.select_related("created_by", "decided_by").prefetch_related("steps__documents"))
    current = next((item for item in procedures if item.state == ProcedureState.IN_FORCE), None)
    proposals = [item for item in procedures if item.state == ProcedureState.PROPOSED]
    return {
        "service": row,
        "current": current,
        "flow": flow.draw(list(current.steps.all())) if current else None,
        "known": known_documents(current),
        "proposals": [(item, flow.draw(list(item.steps.all()))) for item in proposals],
        "earlier": [item for item in procedures if item.state in {ProcedureState.REPLACED, ProcedureState.REFUSED}],
        "history": history_of(row),
        "may_edit": may_edit(user, row),
        "may_decide": may_decide_proposals(user, row),
        "complex": ComplexityBand.COMPLEX,
    } | more


def known_documents(procedure: Procedure | None) -> list[DocumentKind]:
    """Documents of the procedure that the government already has."""
    if procedure is None:
        return []
    found = {kind.pk: kind for step in procedure.steps.all() for kind in step.documents.all() if kind.held_by}
    return sorted(found.values(), key=lambda kind: kind.name)
