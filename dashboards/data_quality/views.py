"""The quality of reported data: who reports completely, in time, consistently, in line with the official figures."""

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.choices import Role
from core.tables import list_response
from dashboards.data_quality.figures import by_indicator
from dashboards.data_quality.presenters import quality_page
from dashboards.data_quality.tables import IndicatorQualityTable
from programs.models import PROVINCE_READERS

READERS = roles(Role.OPERATOR, Role.AGENCY_HEAD, *PROVINCE_READERS, scope=Scope.PROVINCE)
LEAD_READERS = roles(*PROVINCE_READERS, scope=Scope.PROVINCE)


@require_safe
@access(READERS)
def data_quality(request: SignedInRequest) -> HttpResponseBase:
    """Per OPD, the worst first, with the trend; per indicator; leads for those who look at the whole province."""
    user, year, today = request.user, request.workspace.fiscal_year, timezone.localdate()
    context = quality_page(user, year, today, sees_leads=LEAD_READERS.admits(user))
    table = IndicatorQualityTable(by_indicator(user, year, today), request=request)
    return list_response(request, "dashboards/data_quality/quality.html", table, context, name="mutu-data")
