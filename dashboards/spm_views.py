"""SPM on one screen: six domains, their services, ten kab/kota."""

import hashlib
import io

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from core import audit
from core.access import access
from core.periods import Period, PeriodKind
from dashboards import spm_workbook as workbook
from dashboards.charts import spm_map
from dashboards.spm_page import newest_month, page
from dashboards.spm_report import last_month, pdf
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
    found = page(year, month) if month is not None else None
    context = {
        "months": months,
        "month": month,
        "page": found,
        "map": spm_map(found.total.cells, str(month)) if found is not None and found.ranks and found.total else None,
        "quarters": [
            quarter for quarter in Period(year).quarters() if last_month(quarter).first_day <= timezone.localdate()
        ],
        "may_enter": WRITERS.admits(request.user),
    }
    return render(request, "dashboards/spm.html", context)


@require_POST
@access(READERS)
def download(request: SignedInRequest) -> HttpResponse:
    """The year as a workbook; that somebody took it along stands in the trail."""
    year = request.desk.fiscal_year
    file = io.BytesIO()
    workbook.write(file, year)
    body = file.getvalue()
    audit.record("spm.exported", None, by=request.user, year=year, sha256=hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="spm-{year}.xlsx"'
    return response


@require_POST
@access(READERS)
def quarterly_report(request: SignedInRequest) -> HttpResponse:
    """The quarter's report as a PDF; that somebody took it along stands in the trail."""
    try:
        quarter = Period.parse(request.POST.get("triwulan", ""))
    except ValueError as error:
        raise Http404 from error
    if quarter.kind is not PeriodKind.QUARTER or last_month(quarter).first_day > timezone.localdate():
        raise Http404
    body = pdf(quarter)
    audit.record("spm.reported", None, by=request.user, quarter=str(quarter), sha256=hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="laporan-spm-{quarter}.pdf"'
    return response
