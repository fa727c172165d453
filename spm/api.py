from rest_framework import serializers

from core.access import Scope, signed_in
from core.api import ReadOnlyViewSet
from spm.models import ServiceKind


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
            "valid_from",
            "valid_to",
        ]


class ServiceKindViewSet(ReadOnlyViewSet):
    """Jenis pelayanan dasar SPM dengan dasar hukum dan masa berlakunya."""

    access_rule = signed_in(Scope.REFERENCE)
    queryset = ServiceKind.objects.select_related("domain").order_by("code", "id")
    serializer_class = ServiceKindSerializer
    filterset_fields = ["level", "domain__code"]
