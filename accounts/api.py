import django_filters
from rest_framework import serializers

from accounts.models import Agency
from core.access import Scope, signed_in
from core.api import ReadOnlyViewSet


class AgencySerializer(serializers.ModelSerializer):
    class Meta:
        model = Agency
        fields = ["id", "code", "name", "short_name", "opened_on", "closed_on", "continued_by"]


class AgencyFilters(django_filters.FilterSet):
    is_former = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Agency
        fields = ["code", "is_former"]


class AgencyViewSet(ReadOnlyViewSet):
    """OPD (perangkat daerah) Provinsi Kalimantan Timur, former ones too: `closed_on` is the first day without it."""

    access_rule = signed_in(Scope.REFERENCE)
    queryset = Agency.objects.with_former()
    serializer_class = AgencySerializer
    filterset_class = AgencyFilters
