"""The quality of reported data: who reports completely, in time, consistently, in line with the official figures."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from accounts.models import Agency
from core.access import Scope, access, roles
from core.choices import Role
from core.pagination import kept_filters, page_of
from dashboards.data_quality import figures as quality_figures
from dashboards.data_quality.charts import score_bars
from programs.models import PROVINCE_READERS
from programs.validation import patterns

READERS = roles(Role.OPERATOR, Role.AGENCY_HEAD, *PROVINCE_READERS, scope=Scope.PROVINCE)
LEAD_READERS = roles(*PROVINCE_READERS, scope=Scope.PROVINCE)
PARTS = {
    "complete": _("complete"),
    "on_time": _("on time"),
    "consistent": _("consistent"),
    "matching": _("matching"),
    "explained": _("explained"),
}
INDICATORS_A_PAGE = 20


@require_safe
@access(READERS)
def data_quality(request: SignedInRequest) -> HttpResponse:
    """Per OPD, the worst first, with the trend; per indicator; leads for those who look at the whole province."""
    user, year, today = request.user, request.workspace.fiscal_year, timezone.localdate()
    rows = quality_figures.by_agency(user, year, today)
    sees_leads = LEAD_READERS.admits(user)
    whole = quality_figures.province(rows) if sees_leads else None
    context: dict[str, Any] = {
        "rows": rows,
        "province": whole,
        "province_shares": [(PARTS[name], share) for name, share in whole.whole.shares.items()] if whole else [],
        "chart": score_bars(rows) if len(rows) > 1 else None,
        "parts": PARTS,
        "weights": [(PARTS[name], weight) for name, weight in quality_figures.WEIGHTS.items()],
        "page": page_of(request, quality_figures.by_indicator(user, year, today), INDICATORS_A_PAGE),
        "kept_filters": kept_filters(request),
        "sees_leads": sees_leads,
    }
    if sees_leads:
        agencies = {agency.pk: agency for agency in Agency.objects.all()}
        context |= {
            "heaping": [(agencies[row.agency_id], row) for row in patterns.heaping(year, quality_figures.DELIVERED)],
            "repeats": [(agencies[row.agency_id], row) for row in patterns.repeats(year, quality_figures.DELIVERED)],
            "smooth": [(agencies[row.agency_id], row) for row in patterns.smooth(year, quality_figures.DELIVERED)],
        }
    return render(request, "dashboards/data_quality/quality.html", context)
