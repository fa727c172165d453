import django_filters
from django.utils.translation import gettext_lazy as _

from core.filters import PeriodFilter
from core.models import Region
from datasources.models import Observation, Series, Source


class SeriesFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    source = django_filters.ModelChoiceFilter(
        queryset=Source.objects.all(), label=_("Source"), empty_label=_("All sources")
    )

    class Meta:
        model = Series
        fields = ["q", "source"]


class ObservationFilter(django_filters.FilterSet):
    series = django_filters.ModelChoiceFilter(queryset=Series.objects.all())
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.province_and_regencies(), to_field_name="bps_code", label="BPS"
    )
    period = PeriodFilter(label=_("Period"))

    class Meta:
        model = Observation
        fields = ["series", "region", "period"]
