"""What lists of red flags can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyFilter
from core.forms import DayInput
from procurement.choices import FlagSubject
from procurement.models import Flag
from procurement.red_flags.rules import RULES
from spm.models import Domain


class FlagFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Package or RUP code"))
    code = django_filters.ChoiceFilter(
        choices=[(code, f"{code} {rule.title}") for code, rule in RULES.items()],
        label=_("Flag"),
        empty_label=_("All flags"),
    )
    agency = AgencyFilter()
    domain = django_filters.ModelChoiceFilter(
        field_name="package__program__service__domain",
        queryset=Domain.objects.all(),
        label=_("SPM domain"),
        empty_label=_("All domains"),
    )
    subject = django_filters.ChoiceFilter(choices=FlagSubject, label=_("About"), empty_label=_("All"))
    aside = django_filters.ChoiceFilter(
        choices=[("no", _("raised")), ("yes", _("put aside"))],
        method="by_aside",
        label=_("State"),
        empty_label=_("All"),
    )
    since = django_filters.DateFilter(
        field_name="raised_at",
        lookup_expr="date__gte",
        label=_("Raised since"),
        widget=DayInput(attrs={"class": "form-control"}),
    )

    class Meta:
        model = Flag
        fields = ["q", "code", "agency", "domain", "subject", "aside", "since"]

    def search(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(package__name__icontains=word)
                | Q(package__rup_code__startswith=word)
                | Q(supplier__name__icontains=word)
            )
        return queryset

    def by_aside(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        return queryset.filter(suppressed_at__isnull=value == "no")


class OutsideFlagFilter(django_filters.FilterSet):
    """Flags on data of others: found by ocid or the party's identifier."""

    q = django_filters.CharFilter(field_name="key", lookup_expr="icontains", label=_("ocid or party"))
    code = django_filters.ChoiceFilter(
        choices=[(code, f"{code} {rule.title}") for code, rule in RULES.items() if not rule.own_only],
        label=_("Flag"),
        empty_label=_("All flags"),
    )

    class Meta:
        model = Flag
        fields = ["q", "code"]
