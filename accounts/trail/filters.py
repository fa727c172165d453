"""What the trail can be narrowed by: who, what, when, and the OPD of the person."""

from typing import Any

import django_filters
from django import forms
from django.db.models import CharField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyFilter
from accounts.models import Agency, Membership, User
from accounts.trail.words import KINDS
from core.forms import DayInput
from core.models import AuditEvent


class TrailFilterForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _("The end lies before the beginning."))
        return found


class TrailFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Person, record or reason"))
    kind = django_filters.ChoiceFilter(
        choices=[(name, kind.label) for name, kind in KINDS.items()],
        method="by_kind",
        label=_("What"),
        empty_label=_("Everything"),
    )
    agency = AgencyFilter(method="by_agency", label=_("OPD of the person"))
    since = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=DayInput(attrs={"class": "form-control"})
    )
    until = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Until"), widget=DayInput(attrs={"class": "form-control"})
    )

    class Meta:
        model = AuditEvent
        form = TrailFilterForm
        fields = ["q", "kind", "agency", "since", "until"]

    @property
    def qs(self) -> QuerySet[AuditEvent]:
        """By a filter that nobody understands nothing is found, rather than everything."""
        found: QuerySet[AuditEvent] = super().qs if self.is_valid() else self.queryset.none()
        return found

    def search(self, queryset: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        """By the name of the account, too: of who did it, and of whom it was done to."""
        queryset = queryset.annotate(lender_key=KeyTextTransform("acting_for_id", "details"))
        for word in value.split()[:8]:
            people = User.objects.filter(username__icontains=word)
            keys = people.annotate(key=Cast("pk", CharField())).values("key")
            queryset = queryset.filter(
                Q(actor_name__icontains=word)
                | Q(details__acting_for__icontains=word)
                | Q(target_name__icontains=word)
                | Q(reason__icontains=word)
                | Q(actor_id__in=people.values("pk"))
                | Q(lender_key__in=keys)
                | Q(target_type=User._meta.label_lower, target_id__in=keys)  # noqa: SLF001 (Django's public-by-use API)
            )
        return queryset

    def by_kind(self, queryset: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        return queryset.filter(action__in=KINDS[value].actions)

    def by_agency(self, queryset: QuerySet[AuditEvent], _name: str, value: Agency) -> QuerySet[AuditEvent]:
        """By the people who belong to it today; a person who has left is found by name."""
        return queryset.filter(
            actor_id__in=Membership.objects.filter(agency__in={value.pk, value.today_id}).values("user_id")
        )
