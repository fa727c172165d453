"""The lists of red flags: on our own packages and suppliers, and on data of others."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.tables import DayColumn, PartColumn, PortalTable, TextColumn
from procurement.models import Flag

RULE = "procurement/red_flags/flag_rule.html"


def _rule_of(flag: Flag) -> str:
    """The flag's rule as files name it; the page explains it too."""
    return f"{flag.code} {flag.rule.title}" if flag.rule else flag.code


def _for_reviewers(table: "FlagTable") -> dict[str, Any]:
    """What the form to put a flag aside needs; cells are rendered without the request."""
    return {"may_suppress": table.may_suppress, "csrf_token": get_token(table.request) if table.may_suppress else ""}


class FlagTable(PortalTable):
    offers_files = False  # the register and the auditor's report give files that are written into the trail
    subject = PartColumn(
        "procurement/red_flags/cells/subject.html", title=True, verbose_name=_lazy("About"), orderable=False, width=60
    )
    rup_code = TextColumn(accessor="package__rup_code", verbose_name=_lazy("RUP code"), visible=False)
    code = PartColumn(RULE, context_object_name="flag", verbose_name=_lazy("Flag"), width=48)
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    raised_at = DayColumn(verbose_name=_lazy("Raised"))
    suppressed_at = PartColumn(
        "procurement/red_flags/cells/state.html",
        extra_context=_for_reviewers,
        verbose_name=_lazy("State"),
        orderable=False,
        width=48,
    )

    def __init__(self, rows: Any, *, request: HttpRequest, may_suppress: bool, **kwargs: Any) -> None:
        super().__init__(rows, request=request, **kwargs)
        self.may_suppress = may_suppress

    def value_subject(self, record: Flag) -> str:
        return record.package.name if record.package else str(record.supplier or record.agency)

    def value_code(self, record: Flag) -> str:
        return _rule_of(record)

    def value_suppressed_at(self, record: Flag) -> str:
        """Without the form that puts the flag aside."""
        if record.suppressed_at is None:
            return _("raised")
        return f"{_('put aside')}: {record.suppressed_because} ({record.suppressed_by})"


class OutsideFlagTable(PortalTable):
    key = PartColumn("procurement/red_flags/cells/key.html", title=True, verbose_name=_lazy("About"), width=60)
    code = PartColumn(RULE, context_object_name="flag", verbose_name=_lazy("Flag"), width=48)

    def value_key(self, record: Flag) -> str:
        return record.key

    def value_code(self, record: Flag) -> str:
        return _rule_of(record)
