"""What the register of declarations can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyFilter
from procurement.choices import DecisionKind
from procurement.models import Declaration, Interest


class RegisterFilter(django_filters.FilterSet):
    """Of the register of declarations."""

    q = django_filters.CharFilter(method="search", label=_("Person, party, package or RUP code"))
    agency = AgencyFilter()
    about = django_filters.ChoiceFilter(
        choices=[("year", _("the year")), ("package", _("a package"))],
        method="by_about",
        label=_("About"),
        empty_label=_("All"),
    )
    content = django_filters.ChoiceFilter(
        choices=[("some", _("has an interest")), ("none", _("no interest"))],
        method="by_content",
        label=_("Content"),
        empty_label=_("All"),
    )
    decision = django_filters.ChoiceFilter(
        choices=[("open", _("not decided yet")), *DecisionKind.choices],
        method="by_decision",
        label=_("Decision"),
        empty_label=_("All"),
    )
    versions = django_filters.ChoiceFilter(
        choices=[("all", _("all versions"))], method="by_version", label=_("Versions"), empty_label=_("the newest")
    )

    class Meta:
        model = Declaration
        fields = ["q", "agency", "about", "content", "decision", "versions"]

    def filter_queryset(self, queryset: QuerySet[Declaration]) -> QuerySet[Declaration]:
        found: QuerySet[Declaration] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("versions") else found.filter(superseded_at__isnull=True)

    def search(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(declarer__full_name__icontains=word)
                | Q(officer__package__name__icontains=word)
                | Q(officer__package__rup_code__startswith=word)
                | Q(pk__in=Interest.objects.filter(party_name__icontains=word).values("declaration"))
            )
        return queryset

    def by_about(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        return queryset.filter(officer__isnull=value == "year")

    def by_content(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        return queryset.filter(has_interest=value == "some")

    def by_decision(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        return queryset.filter(decision__isnull=True) if value == "open" else queryset.filter(decision__kind=value)

    def by_version(self, queryset: QuerySet[Declaration], _name: str, _value: str) -> QuerySet[Declaration]:
        return queryset
