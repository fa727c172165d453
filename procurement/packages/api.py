from rest_framework import serializers

from core.api import ReadOnlyViewSet
from procurement.models import Package
from procurement.packages.filters import PackageFilter
from procurement.packages.permissions import READERS


class PackageSerializer(serializers.ModelSerializer):
    officials = serializers.IntegerField(source="officers")
    officials_cleared = serializers.IntegerField(source="cleared")

    class Meta:
        model = Package
        fields = [
            "id",
            "agency",
            "fiscal_year",
            "program",
            "rup_code",
            "name",
            "kind",
            "method",
            "ceiling_rupiah",
            "hps_rupiah",
            "state",
            "announced_at",
            "is_sample",
            "officials",
            "officials_cleared",
        ]


class PackageViewSet(ReadOnlyViewSet):
    """Paket pengadaan; `officials_cleared` menghitung pejabat yang pernyataannya sudah diputus atasan."""

    access_rule = READERS
    queryset = Package.objects.with_declaration_counts().order_by("-fiscal_year", "pk")
    serializer_class = PackageSerializer
    filterset_class = PackageFilter
