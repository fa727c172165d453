"""The trail as a list."""

from django.utils.translation import gettext_lazy as _

from accounts.trail.words import changes_of, details_of, said_of
from core.models import AuditEvent
from core.tables import MomentColumn, PartColumn, PortalTable, TextColumn


class TrailTable(PortalTable):
    offers_files = False  # its files leave a trace: accounts.trail.services
    what = PartColumn(
        "accounts/trail/cells/what.html", title=True, empty_values=(), verbose_name=_("What"), orderable=False, width=70
    )
    who = TextColumn(verbose_name=_("By"), orderable=False, width=30)
    at = MomentColumn(verbose_name=_("At"), order_by="pk")
    reason = TextColumn(accessor="why", verbose_name=_("Reason"), orderable=False, width=50, limit=300)
    details = TextColumn(verbose_name=_("Details"), visible=False, width=60)

    def value_what(self, record: AuditEvent) -> str:
        parts = [said_of(record.action), record.target_name, "; ".join(changes_of(record))]
        return " · ".join(part for part in parts if part)

    def value_details(self, record: AuditEvent) -> str:
        return "; ".join(details_of(record))
