"""SPM on one screen: six domains, their services, ten kab/kota."""

import hashlib
import io
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from core import audit
from core.access import access
from core.formats import share_of
from core.periods import Period, PeriodKind
from dashboards.spm import workbook
from dashboards.spm.charts import gap_bars, spm_map
from dashboards.spm.figures import Line, Page, page
from dashboards.spm.report import pdf
from spm.choices import GovernmentLevel
from spm.models import ServiceKind
from spm.periods import month_of
from spm.target_forecast import outlooks
from spm.views import READERS, WRITERS, months_of


def periods_of(year: int) -> list[tuple[str, list[Period]]]:
    """What can be chosen, in groups: the year, its quarters, its months, of those that have begun, the newest first."""
    today = timezone.localdate()
    quarters = [quarter for quarter in Period(year).quarters() if quarter.first_day <= today]
    groups = [
        (_("Year"), [Period(year)] if quarters else []),
        (_("Quarter"), quarters[::-1]),
        (_("Month"), months_of(year)),
    ]
    return [(str(name), periods) for name, periods in groups if periods]


def _chosen(text: str, year: int) -> Period:
    """The period asked for; the newest quarter with figures when it is none of this year's."""
    newest = month_of(Period(year))
    otherwise = Period.containing(newest.first_day, PeriodKind.QUARTER) if newest else Period(year)
    try:
        period = Period.parse(text)
    except ValueError:
        return otherwise
    return period if any(period in periods for _name, periods in periods_of(year)) else otherwise


def _government(text: str, year: int) -> str:
    """Whose services: the province's, or the regencies' where there are any."""
    there = ServiceKind.objects.of_level(GovernmentLevel.REGENCY).of_year(year)
    return GovernmentLevel.REGENCY if text == GovernmentLevel.REGENCY and there.exists() else GovernmentLevel.PROVINCE


@require_safe
@access(READERS)
def spm(request: SignedInRequest) -> HttpResponse:
    """The index at the end of the period asked for, or as the year stands now."""
    year = request.workspace.fiscal_year
    period = _chosen(request.GET.get("periode", ""), year)
    government = _government(request.GET.get("kewenangan", ""), year)
    found = page(period, government)
    ahead = outlooks(found.month, government) if found else []
    context = {
        "year": year,
        "period": period,
        "periods": periods_of(year),
        "government": government,
        "has_regency_services": ServiceKind.objects.of_level(GovernmentLevel.REGENCY).of_year(year).exists(),
        "page": found,
        "map": spm_map(found.total.cells, f"?periode={period}&kewenangan={government}") if found else None,
        "outlooks": ahead,
        "money": _money(found) if found else [],
        "gap_chart": gap_bars(found.domains) if found else None,
        "may_enter": WRITERS.admits(request.user),
        "signable_key": f"{period}:{government}",
    }
    return render(request, "dashboards/spm/spm.html", context)


def _money(found: Page) -> list[tuple[Line, Decimal | None]]:
    """The domains with their share of the money in per cent, the widest gap first."""
    whole = sum((line.budget for line in found.domains), Decimal(0))
    rows = sorted(found.domains, key=lambda line: line.gap or Decimal(0), reverse=True)
    return [(line, share_of(line.budget, whole)) for line in rows]


@require_POST
@access(READERS)
def download(request: SignedInRequest) -> HttpResponse:
    """The year as a workbook; that somebody took it along stands in the trail."""
    year = request.workspace.fiscal_year
    government = _government(request.POST.get("kewenangan", ""), year)
    file = io.BytesIO()
    workbook.write(file, year, government)
    body = file.getvalue()
    audit.record("spm.exported", None, by=request.user, year=year, sha256=hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="spm-{year}.xlsx"'
    return response


@require_POST
@access(READERS)
def report(request: SignedInRequest) -> HttpResponse:
    """The report of a quarter, month or year as a PDF; that somebody took it along stands in the trail."""
    try:
        period = Period.parse(request.POST.get("periode", ""))
    except ValueError as error:
        raise Http404 from error
    found = page(period, _government(request.POST.get("kewenangan", ""), period.year))
    if found is None:
        raise Http404
    body = pdf(found)
    audit.record("spm.reported", None, by=request.user, period=str(period), sha256=hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="laporan-spm-{period}.pdf"'
    return response
