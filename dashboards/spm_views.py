"""SPM on one screen: six domains, their services, ten kab/kota."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import access
from core.periods import Period, PeriodKind
from dashboards.spm_page import newest_month, page
from spm.views import READERS, WRITERS, months_of


@require_safe
@access(READERS)
def spm(request: SignedInRequest) -> HttpResponse:
    """The index of the month asked for, or of the newest one that was entered."""
    year = request.desk.fiscal_year
    months = months_of(year)
    try:
        month = Period.parse(request.GET.get("bulan", ""))
    except ValueError:
        month = None
    if month is None or month.kind is not PeriodKind.MONTH or month not in months:
        month = newest_month(year) or (months[0] if months else None)
    context = {
        "months": months,
        "month": month,
        "page": page(year, month) if month is not None else None,
        "may_enter": WRITERS.admits(request.user),
    }
    return render(request, "dashboards/spm.html", context)
