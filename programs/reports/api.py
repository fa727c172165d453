from rest_framework import serializers

from accounts.agencies.then import agency_then
from core.api import ReadOnlyViewSet
from programs.models import Program, Report, ReportValue
from programs.registration.views import READERS
from programs.reports.filters import ReportFilter


class ReportValueSerializer(serializers.ModelSerializer):
    region = serializers.CharField(source="region.kemendagri_code")
    reference_value = serializers.DecimalField(
        source="reference.value", max_digits=24, decimal_places=6, allow_null=True, default=None
    )
    reference_fetched_at = serializers.DateTimeField(source="reference.fetched_at", allow_null=True, default=None)

    class Meta:
        model = ReportValue
        fields = [
            "indicator",
            "region",
            "category",
            "value",
            "numerator",
            "denominator",
            "reason",
            "verdict",
            "distance",
            "reference_value",
            "reference_fetched_at",
        ]


class ReportSerializer(serializers.ModelSerializer):
    agency = serializers.IntegerField(help_text="OPD pada akhir periode")
    period = serializers.CharField(help_text="2026-Q1")
    values = ReportValueSerializer(many=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "program",
            "agency",
            "period",
            "kind",
            "state",
            "revision",
            "is_current",
            "submitted_at",
            "decided_at",
            "values",
        ]


class ReportViewSet(ReadOnlyViewSet):
    """Laporan triwulanan dengan nilai, hasil pemeriksaan, dan angka acuannya."""

    access_rule = READERS
    queryset = (
        Report.objects.prefetch_related("values__region", "values__reference")
        .annotate(agency=agency_then(Program, "program", "period"))
        .order_by("-period", "pk")
    )
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
