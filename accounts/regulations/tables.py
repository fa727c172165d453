"""The register as files take it; the page shows it by subject."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.regulations.listing import ListedRegulation
from core.tables import DayColumn, PartColumn, PortalTable, TextColumn


class RegulationTable(PortalTable):
    rows_per_page = 500  # the page folds them by subject

    subject = TextColumn(verbose_name=_("Subject"), width=40)
    title = PartColumn("accounts/regulations/cells/title.html", verbose_name=_("Regulation"), title=True, width=40)
    says = TextColumn(accessor="regulation__says", verbose_name=_("What it says here"), width=70, orderable=False)
    in_force_from = DayColumn(accessor="regulation__in_force_from", verbose_name=_("In force from"))
    seen_in = TextColumn(accessor="regulation__seen_in", verbose_name=_("Where it was seen"), width=40, orderable=False)
    state = PartColumn(
        "accounts/regulations/cells/state.html", empty_values=(), verbose_name=_("Compared with the text"), width=40
    )
    note = TextColumn(verbose_name=_("Note"), width=40, orderable=False)

    def value_title(self, record: ListedRegulation) -> str:
        return record.title

    def value_state(self, record: ListedRegulation) -> Any:
        return record.state_in_words
