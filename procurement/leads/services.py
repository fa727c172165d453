"""What a reviewer finds about a lead, and its evidence in words."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import audit
from core.decided import AlreadyDecided
from core.numbers import format_number
from procurement.choices import LEAD_TRANSITIONS
from procurement.leads import permissions
from procurement.models import Lead

KINDS = {
    "identity": gettext_lazy("the same NIK or NPWP"),
    "account": gettext_lazy("the same bank account"),
    "phone": gettext_lazy("the same telephone"),
    "address": gettext_lazy("the same address"),
    "email": gettext_lazy("the same mailbox or mail domain"),
    "person": gettext_lazy("the same person on the board or behind it, by NIK"),
    "owner": gettext_lazy("the same owner of more than half, by NIK"),
    "name": gettext_lazy("an equal or similar name – a name alone proves nothing"),
    "met": gettext_lazy("both are in the same packages"),
}


def in_words(lead: Lead) -> list[tuple[str, str]]:
    """(what, detail) of each piece of evidence, strongest first."""
    said = []
    for item in lead.evidence:
        detail = item.get("detail") or ""
        if item["what"] == "met":
            detail = _("%(count)s packages") % {"count": format_number(item["packages"])}
        said.append((str(KINDS.get(item["what"], item["what"])), detail))
    return said


@transaction.atomic
def review(*, lead: Lead, by: User, state: str, note: str, seen: str = "") -> Lead:
    """Write down what was found, after the review that was `seen`; empty where there was none.

    Raises AlreadyDecided after another review, ValidationError without a note, or when it is put back to open.
    """
    row = Lead.objects.select_for_update(of=("self",)).select_related("package").get(pk=lead.pk)
    permissions.check_may_review(by, row)
    if row.reviewed_at is not None and row.reviewed_at.isoformat() != seen:
        raise AlreadyDecided(row.get_state_display(), row.reviewed_by, row.reviewed_at)
    note = note.strip()
    if state not in LEAD_TRANSITIONS[row.state]:
        raise ValidationError(_("Choose what you found: confirmed, cleared, or needs follow-up."))
    if not note:
        raise ValidationError(_("Write what you found."))
    row.state, row.note, row.reviewed_by, row.reviewed_at = state, note, by, timezone.now()
    row.save(update_fields=["state", "note", "reviewed_by", "reviewed_at"])
    audit.record("lead.reviewed", row, by=by, reason=note, state=state, score=row.score)
    return row
