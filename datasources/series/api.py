from rest_framework import serializers

from core.access import Scope, signed_in
from core.api import ReadOnlyViewSet
from datasources.models import Observation, Series
from datasources.series.filters import ObservationFilter, SeriesFilter


class SeriesSerializer(serializers.ModelSerializer):
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # the stubs know Field.source only
    is_sample = serializers.BooleanField(source="source.is_sample")
    is_stale = serializers.BooleanField(read_only=True)

    class Meta:
        model = Series
        fields = [
            "id",
            "source",
            "is_sample",
            "query",
            "name",
            "unit",
            "pulled_at",
            "is_stale",
            "is_active",
        ]


class SeriesViewSet(ReadOnlyViewSet):
    """Seri data acuan: sumber, variabel, satuan, dan saat penarikan terakhir."""

    access_rule = signed_in(Scope.REFERENCE)
    queryset = Series.objects.select_related("source").order_by("name", "pk")
    serializer_class = SeriesSerializer
    filterset_class = SeriesFilter


class ObservationSerializer(serializers.ModelSerializer):
    region_bps_code = serializers.CharField(source="region.bps_code")
    region_kemendagri_code = serializers.CharField(source="region.kemendagri_code")
    period = serializers.CharField(help_text="2025, 2025-Q1")

    class Meta:
        model = Observation
        fields = [
            "id",
            "series",
            "region_bps_code",
            "region_kemendagri_code",
            "period",
            "value",
            "fetched_at",
            "missing_since",
            "payload",
        ]


class ObservationViewSet(ReadOnlyViewSet):
    """Angka acuan yang berlaku sekarang, dengan waktu penarikan dan jawaban mentahnya."""

    access_rule = signed_in(Scope.REFERENCE)
    queryset = Observation.objects.current().select_related("region").order_by("pk")
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter
