"""What lists of the index can be narrowed by."""

import django_filters

from core.filters import DressedFilterSet, PeriodFilter
from core.models import Region
from spm.choices import IndexLevel
from spm.models import IndexValue


class IndexFilter(DressedFilterSet):
    level = django_filters.ChoiceFilter(choices=IndexLevel)
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.province_and_regencies(), to_field_name="kemendagri_code", label="Kemendagri"
    )
    domain = django_filters.CharFilter(field_name="domain__code")
    service = django_filters.CharFilter(field_name="service__code")
    period = PeriodFilter()

    class Meta:
        model = IndexValue
        fields = ["level", "region", "domain", "service", "period"]
