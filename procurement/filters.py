import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.fields import NumberFormField
from core.filters import DressedFilterSet
from procurement.choices import LeadState, Method, PackageKind, PackageState
from procurement.models import Flag, Lead, Package
from procurement.red_flags import RULES

MISSING, COMPLETE = "missing", "complete"


class MoneyFilter(django_filters.Filter):
    field_class = NumberFormField


class PackageFilter(DressedFilterSet):
    """The auditor's filters; the page, both files and the totals use this one."""

    q = django_filters.CharFilter(method="search", label=_("Name or RUP code"))
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.all(), label=_("OPD"), empty_label=_("All OPD"))
    kind = django_filters.ChoiceFilter(choices=PackageKind, label=_("Kind"), empty_label=_("All kinds"))
    method = django_filters.ChoiceFilter(choices=Method, label=_("Method"), empty_label=_("All methods"))
    state = django_filters.ChoiceFilter(choices=PackageState, label=_("State"), empty_label=_("All states"))
    declarations = django_filters.ChoiceFilter(
        choices=[(MISSING, _("missing")), (COMPLETE, _("complete"))],
        method="by_declarations",
        label=_("Declarations"),
        empty_label=_("All"),
    )
    ceiling_min = MoneyFilter(field_name="ceiling_rupiah", lookup_expr="gte", label=_("Ceiling from (Rp)"), decimals=2)
    ceiling_max = MoneyFilter(field_name="ceiling_rupiah", lookup_expr="lte", label=_("Ceiling to (Rp)"), decimals=2)

    class Meta:
        model = Package
        fields = ["q", "agency", "kind", "method", "state", "declarations", "ceiling_min", "ceiling_max"]

    def search(self, queryset: QuerySet[Package], _name: str, value: str) -> QuerySet[Package]:
        for word in value.split()[:8]:
            queryset = queryset.filter(Q(name__icontains=word) | Q(rup_code__startswith=word))
        return queryset

    def by_declarations(self, queryset: QuerySet[Package], _name: str, value: str) -> QuerySet[Package]:
        missing = Package.objects.without_declarations()
        return queryset.filter(pk__in=missing) if value == MISSING else queryset.exclude(pk__in=missing)


class FlagFilter(DressedFilterSet):
    q = django_filters.CharFilter(method="search", label=_("Package or RUP code"))
    code = django_filters.ChoiceFilter(
        choices=[(code, f"{code} {rule.title}") for code, rule in RULES.items()],
        label=_("Flag"),
        empty_label=_("All flags"),
    )
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.all(), label=_("OPD"), empty_label=_("All OPD"))
    aside = django_filters.ChoiceFilter(
        choices=[("no", _("raised")), ("yes", _("put aside"))],
        method="by_aside",
        label=_("State"),
        empty_label=_("All"),
    )

    class Meta:
        model = Flag
        fields = ["q", "code", "agency", "aside"]

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


class LeadFilter(DressedFilterSet):
    q = django_filters.CharFilter(method="search", label=_("Person or supplier"))
    state = django_filters.ChoiceFilter(choices=LeadState, label=_("Outcome"), empty_label=_("All"))
    strength = django_filters.ChoiceFilter(
        choices=[("strong", _("more than a name")), ("name", _("name only"))], method="by_strength", label=_("Evidence"),
        empty_label=_("All"),
    )  # fmt: skip

    class Meta:
        model = Lead
        fields = ["q", "state", "strength"]

    def search(self, queryset: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(supplier__name__icontains=word) | Q(other_supplier__name__icontains=word)
                | Q(official__full_name__icontains=word) | Q(interest__party_name__icontains=word)
            )  # fmt: skip
        return queryset

    def by_strength(self, queryset: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        return queryset.filter(score__gt=0.45) if value == "strong" else queryset.filter(score__lte=0.45)
