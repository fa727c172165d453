"""What the page of a lead shows."""

from typing import Any

from accounts.models import User
from core import audit
from core.permissions import refusal
from procurement.leads import graph
from procurement.leads.forms import ReviewForm
from procurement.leads.permissions import check_may_review
from procurement.leads.services import in_words
from procurement.models import Lead


def lead_page(user: User, lead: Lead, form: ReviewForm | None = None) -> dict[str, Any]:
    """`form` is a review that was not accepted; without it the page starts from the last one. None for somebody whom
    the lead concerns."""
    why_not = refusal(check_may_review, user, lead)
    if form is None and not why_not:
        form = ReviewForm(
            initial={
                "state": lead.state,
                "note": lead.note,
                "seen": lead.reviewed_at.isoformat() if lead.reviewed_at else "",
            }
        )
    return {
        "lead": lead,
        "evidence": in_words(lead),
        "form": form,
        "why_not": why_not,
        "picture": graph.of_package(lead.package) if lead.package else None,
        "events": audit.AuditEvent.objects.filter(target_type="procurement.lead", target_id=str(lead.pk)),
    }
