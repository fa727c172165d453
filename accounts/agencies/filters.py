"""Which OPD the list shows."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency


class AgencyListFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Words"))
    state = django_filters.ChoiceFilter(
        method="by_state",
        choices=[("living", _("exist today")), ("former", _("former"))],
        label=_("State"),
        empty_label=_("All"),
    )

    class Meta:
        model = Agency
        fields = ["q", "state"]

    def search(self, queryset: QuerySet[Agency], _name: str, value: str) -> QuerySet[Agency]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(name__icontains=word) | Q(short_name__icontains=word) | Q(code__startswith=word)
            )
        return queryset

    def by_state(self, queryset: QuerySet[Agency], _name: str, value: str) -> QuerySet[Agency]:
        return queryset.filter(closed_on__isnull=value == "living")
