"""What the trail can be narrowed by: who, what, when, and the OPD of the person."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership
from accounts.trail.words import KINDS
from core.models import AuditEvent


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class TrailFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Person, record or reason"))
    kind = django_filters.ChoiceFilter(
        choices=[(name, kind.label) for name, kind in KINDS.items()],
        method="by_kind",
        label=_("What"),
        empty_label=_("Everything"),
    )
    agency = django_filters.ModelChoiceFilter(
        queryset=Agency.objects.all(), method="by_agency", label=_("OPD of the person"), empty_label=_("All OPD")
    )
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"), widget=DayInput)
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("Until"), widget=DayInput)

    class Meta:
        model = AuditEvent
        fields = ["q", "kind", "agency", "since", "until"]

    def search(self, queryset: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(actor_name__icontains=word) | Q(target_name__icontains=word) | Q(reason__icontains=word)
            )
        return queryset

    def by_kind(self, queryset: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        return queryset.filter(action__in=KINDS[value].actions)

    def by_agency(self, queryset: QuerySet[AuditEvent], _name: str, value: Agency) -> QuerySet[AuditEvent]:
        """By the people who belong to it today; a person who has left is found by name."""
        return queryset.filter(actor_id__in=Membership.objects.filter(agency=value).values("user_id"))
