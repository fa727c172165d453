"""What the list of leads can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from procurement.choices import LeadState
from procurement.leads.matching import NAME_ONLY
from procurement.models import Lead


class LeadFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Person or supplier"))
    state = django_filters.ChoiceFilter(choices=LeadState, label=_("Result of the review"), empty_label=_("All"))
    strength = django_filters.ChoiceFilter(
        choices=[("strong", _("more than a name")), ("name", _("name only"))],
        method="by_strength",
        label=_("What it rests on"),
        empty_label=_("All"),
    )

    class Meta:
        model = Lead
        fields = ["q", "state", "strength"]

    def search(self, queryset: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(supplier__name__icontains=word)
                | Q(other_supplier__name__icontains=word)
                | Q(official__full_name__icontains=word)
                | Q(interest__party_name__icontains=word)
            )
        return queryset

    def by_strength(self, queryset: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        return queryset.filter(score__gt=NAME_ONLY) if value == "strong" else queryset.filter(score__lte=NAME_ONLY)
