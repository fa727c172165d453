"""One reported figure: beside the official one over time, with the rules' remarks and where each point comes from."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.agencies.then import agency_on
from accounts.middleware import SignedInRequest
from core.access import access
from core.audit import history_of
from datasources.models import Observation
from programs.models import ReportValue
from programs.registration.views import READERS
from programs.reports.charts import value_chart
from programs.validation import values as validation_values
from programs.validation.messages import words
from programs.validation.views import STEWARDS

YEARS_SHOWN = 8


@require_safe
@access(READERS)
def value(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = ReportValue.objects.visible_to(request.user).select_related(
        "report__program__agency",
        "indicator__unit",
        "indicator__reference_series__source",
        "region",
        "reference",
        "changed_by",
    )
    row = get_object_or_404(rows, pk=pk)
    reported = _reported(request, row)
    series = row.indicator.reference_series
    official: list[Observation] = []
    if series is not None:
        official = list(
            Observation.objects.filter(
                series=series,
                region=row.region,
                period__startswith__year__gte=row.report.period.year - YEARS_SHOWN,
            )
            .select_related("payload")
            .defer("payload__body")
            .order_by("-period", "-fetched_at")
        )
    checked = validation_values.previews([row])[row.pk]
    half = None
    if checked.high is not None and checked.observation is not None:
        half = checked.high - checked.observation.value
        if row.indicator.tolerance_kind != "points":
            half = half / abs(checked.observation.value) if checked.observation.value else Decimal(0)
    used = row.reference
    context = {
        "row": row,
        "agency_then": agency_on(row.report.program, row.report.period.last_day),
        "checked": checked,
        "reported": reported,
        "official": official,
        "chart": value_chart(row, list(reversed(reported)), official, half),
        "remarks": [(finding, words(finding)) for finding in row.findings],
        "is_outdated": used is not None and used.superseded_at is not None,
        "history": history_of(row),
        "is_steward": STEWARDS.admits(request.user),
    }
    return render(request, "programs/reports/value.html", context)


def _reported(request: SignedInRequest, row: ReportValue) -> list[ReportValue]:
    """The same figure in other periods and years: an indicator of that name in the OPD's programme of that code."""
    found = ReportValue.objects.visible_to(request.user).filter(
        indicator__name=row.indicator.name,
        indicator__program__agency=row.report.program.agency_id,
        indicator__program__nomenclature=row.report.program.nomenclature_id,
        region=row.region,
        category=row.category,
        value__isnull=False,
        report__is_current=True,
        report__period__startswith__year__gte=row.report.period.year - YEARS_SHOWN,
    )
    return list(found.select_related("report__program", "reference", "indicator").order_by("-report__period"))
