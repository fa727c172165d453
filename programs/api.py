from typing import Any

from rest_framework import serializers

from core.access import Scope, signed_in
from core.api import ReadOnlyViewSet
from programs.filters import ProgramFilter, ReportFilter
from programs.models import Indicator, Nomenclature, Program, Report, ReportValue
from programs.views import READERS


class NomenclatureSerializer(serializers.ModelSerializer):
    class Meta:
        model = Nomenclature
        fields = ["id", "code", "name", "level", "regulation", "valid_from", "valid_to"]


class NomenclatureViewSet(ReadOnlyViewSet):
    """Kode nomenklatur perencanaan dengan peraturan dan masa berlakunya."""

    access_rule = signed_in(Scope.REFERENCE)
    queryset = Nomenclature.objects.order_by("code", "valid_from")
    serializer_class = NomenclatureSerializer
    filterset_fields = ["code", "level"]


class IndicatorSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.name")

    class Meta:
        model = Indicator
        fields = [
            "id",
            "name",
            "level",
            "unit",
            "direction",
            "baseline",
            "band_low",
            "target",
            "by_region",
            "reference_series",
        ]


class ProgramSerializer(serializers.ModelSerializer):
    nomenclature_code = serializers.CharField(source="nomenclature.code")
    service_code = serializers.CharField(source="service.code", allow_null=True, default=None)
    regions: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(
        slug_field="kemendagri_code", many=True, read_only=True
    )
    indicators = IndicatorSerializer(many=True)

    class Meta:
        model = Program
        fields = [
            "id",
            "agency",
            "fiscal_year",
            "nomenclature_code",
            "name",
            "service_code",
            "problem_statement",
            "problem_people",
            "evidence_series",
            "evidence_snapshot",
            "target_group",
            "target_count",
            "regions",
            "budget_rupiah",
            "state",
            "registered_at",
            "is_sample",
            "indicators",
        ]


class ProgramViewSet(ReadOnlyViewSet):
    """Program OPD dengan indikatornya. Draf hanya terlihat oleh OPD pemiliknya."""

    access_rule = READERS
    queryset = (
        Program.objects.select_related("nomenclature", "service")
        .prefetch_related("regions", "indicators__unit")
        .order_by("-fiscal_year", "pk")
    )
    serializer_class = ProgramSerializer
    filterset_class = ProgramFilter


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
    period = serializers.CharField(help_text="2026-Q1")
    values = ReportValueSerializer(many=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "program",
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
    queryset = Report.objects.prefetch_related("values__region", "values__reference").order_by("-period", "pk")
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
