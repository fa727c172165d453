"""What lists of the index can be narrowed by."""

from typing import Any

import django_filters

from core.models import Region
from core.periods import Period
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import IndexValue
from spm.periods import month_of


class IndexPeriodFilter(django_filters.CharFilter):
    """A month; or a quarter or year, which its last month with an index stands for. Anything else finds nothing."""

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        try:
            month = month_of(Period.parse(value))
        except ValueError:
            return qs.none()
        return qs.filter(period=month) if month else qs.none()


class IndexFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(choices=IndexLevel)
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.province_and_regencies(), to_field_name="kemendagri_code", label="Kemendagri"
    )
    domain = django_filters.CharFilter(field_name="domain__code")
    service = django_filters.CharFilter(field_name="service__code")
    government = django_filters.ChoiceFilter(choices=GovernmentLevel)
    period = IndexPeriodFilter()

    class Meta:
        model = IndexValue
        fields = ["government", "level", "region", "domain", "service", "period"]
