"""What the page of a lead shows."""

from typing import Any

from core import audit
from procurement.leads import graph
from procurement.leads.forms import ReviewForm
from procurement.leads.services import in_words
from procurement.models import Lead


def lead_page(lead: Lead, form: ReviewForm | None = None) -> dict[str, Any]:
    """`form` is a review that was not accepted; without it the page starts from the last one."""
    return {
        "lead": lead,
        "evidence": in_words(lead),
        "form": form or ReviewForm(initial={"state": lead.state, "note": lead.note}),
        "picture": graph.of_package(lead.package) if lead.package else None,
        "events": audit.AuditEvent.objects.filter(target_type="procurement.lead", target_id=str(lead.pk)),
    }
