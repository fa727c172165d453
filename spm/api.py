from rest_framework import serializers

from core.access import Scope, signed_in
from core.api import ReadOnlyViewSet
from spm.filters import IndexFilter
from spm.models import IndexValue, ServiceKind


class ServiceKindSerializer(serializers.ModelSerializer):
    domain_code = serializers.CharField(source="domain.code")
    domain_name = serializers.CharField(source="domain.name")

    class Meta:
        model = ServiceKind
        fields = [
            "id",
            "code",
            "name",
            "level",
            "domain_code",
            "domain_name",
            "technical_standard",
            "legal_basis",
            "target",
            "valid_from",
            "valid_to",
        ]


class ServiceKindViewSet(ReadOnlyViewSet):
    """Jenis pelayanan dasar SPM dengan dasar hukum dan masa berlakunya."""

    access_rule = signed_in(Scope.REFERENCE)
    queryset = ServiceKind.objects.select_related("domain").order_by("code", "id")
    serializer_class = ServiceKindSerializer
    filterset_fields = ["level", "domain__code"]


class IndexSerializer(serializers.ModelSerializer):
    region_kemendagri_code = serializers.CharField(source="region.kemendagri_code")
    region_bps_code = serializers.CharField(source="region.bps_code")
    domain_code = serializers.CharField(source="domain.code", default=None)
    service_code = serializers.CharField(source="service.code", default=None)
    period = serializers.CharField(help_text="2026-03")
    is_over = serializers.SerializerMethodField(help_text="over > 0")
    is_provisional = serializers.BooleanField(
        read_only=True, help_text="Belum terisi penuh: entered < expected, atau lacking_quality > 0; tanpa kategori."
    )

    class Meta:
        model = IndexValue
        fields = [
            "id",
            "government",
            "level",
            "region_kemendagri_code",
            "region_bps_code",
            "domain_code",
            "service_code",
            "period",
            "must_be_served",
            "served",
            "recipients",
            "recipients_uncapped",
            "quality",
            "index",
            "unserved",
            "is_over",
            "over",
            "zero_need",
            "entered",
            "expected",
            "lacking_quality",
            "is_provisional",
        ]

    def get_is_over(self, row: IndexValue) -> bool:
        return row.over > 0


class IndexViewSet(ReadOnlyViewSet):
    """Indeks penerapan SPM per jenis layanan, bidang, dan wilayah, bulan demi bulan, dengan tiga puluh desimal.

    `period` menerima bulan (2026-03), triwulan (2026-Q1), atau tahun (2026). Angka dihitung sejak Januari: triwulan
    dan tahun diwakili bulan terakhirnya yang paling lengkap isiannya, dan bulan itulah yang tertulis dalam jawaban.
    """

    access_rule = signed_in(Scope.REFERENCE)
    queryset = IndexValue.objects.select_related("region", "domain", "service").order_by("pk")
    serializer_class = IndexSerializer
    filterset_class = IndexFilter
