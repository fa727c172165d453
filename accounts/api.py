from rest_framework import serializers

from accounts.models import Agency
from core.access import Scope, signed_in
from core.api import ReadOnlyViewSet


class AgencySerializer(serializers.ModelSerializer):
    class Meta:
        model = Agency
        fields = ["id", "code", "name", "short_name", "is_active"]


class AgencyViewSet(ReadOnlyViewSet):
    """OPD (perangkat daerah) Provinsi Kalimantan Timur."""

    access_rule = signed_in(Scope.REFERENCE)
    queryset = Agency.objects.order_by("name")
    serializer_class = AgencySerializer
    filterset_fields = ["is_active", "code"]
