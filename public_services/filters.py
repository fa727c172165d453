import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyFilter
from public_services.choices import ComplexityBand, DigitalLevel
from public_services.complexity import BANDS
from public_services.models import PublicService


class PublicServiceFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name"))
    agency = AgencyFilter()
    digital_level = django_filters.ChoiceFilter(choices=DigitalLevel, label=_("Digital level"), empty_label=_("All"))
    band = django_filters.ChoiceFilter(
        choices=ComplexityBand, method="by_band", label=_("Complexity"), empty_label=_("All")
    )

    class Meta:
        model = PublicService
        fields = ["q", "agency", "digital_level", "band"]

    def search(self, queryset: QuerySet[PublicService], _name: str, value: str) -> QuerySet[PublicService]:
        for word in value.split()[:8]:
            queryset = queryset.filter(name__icontains=word)
        return queryset

    def by_band(self, queryset: QuerySet[PublicService], _name: str, value: str) -> QuerySet[PublicService]:
        lower = None
        for limit, band in BANDS:
            if value == band:
                found = queryset.filter(current_score__lte=limit)  # type: ignore[misc]  # annotated by the view
                return found if lower is None else found.filter(current_score__gt=lower)  # type: ignore[misc]  # annotated by the view
            lower = limit
        return queryset.filter(current_score__gt=lower)  # type: ignore[misc]  # annotated by the view
