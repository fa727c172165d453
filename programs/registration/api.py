"""Programmes, their indicators and the nomenclature."""

from typing import Any

from rest_framework import serializers

from core.access import Scope, signed_in
from core.api import ReadOnlyViewSet
from programs.models import Indicator, Nomenclature, Program
from programs.registration.filters import ProgramFilter
from programs.registration.views import READERS


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
            "over_time",
            "over_regions",
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
