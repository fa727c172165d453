import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyFilter
from core.fields import NumberFormField
from core.row_sets import RowSetFilter
from procurement.choices import Method, PackageKind, PackageState
from procurement.models import Package
from spm.models import Domain

MISSING, COMPLETE = "missing", "complete"


class MoneyFilter(django_filters.Filter):
    field_class = NumberFormField


class PackageFilter(django_filters.FilterSet):
    """The auditor's filters; the page, both files and the totals use this one."""

    q = django_filters.CharFilter(method="search", label=_("Name or RUP code"))
    agency = AgencyFilter()
    domain = django_filters.ModelChoiceFilter(
        field_name="program__service__domain",
        queryset=Domain.objects.all(),
        label=_("SPM domain"),
        empty_label=_("All domains"),
    )
    kind = django_filters.ChoiceFilter(choices=PackageKind, label=_("Kind"), empty_label=_("All kinds"))
    method = django_filters.ChoiceFilter(choices=Method, label=_("Method"), empty_label=_("All methods"))
    state = django_filters.ChoiceFilter(choices=PackageState, label=_("State"), empty_label=_("All states"))
    declarations = django_filters.ChoiceFilter(
        choices=[(MISSING, _("missing")), (COMPLETE, _("complete"))],
        method="by_declarations",
        label=_("Declarations"),
        empty_label=_("All"),
    )
    flagged = django_filters.ChoiceFilter(
        choices=[("yes", _("with a red flag"))], method="by_flags", label=_("Red flags"), empty_label=_("All")
    )
    ceiling_min = MoneyFilter(field_name="ceiling_rupiah", lookup_expr="gte", label=_("Ceiling from (Rp)"), decimals=2)
    ceiling_max = MoneyFilter(field_name="ceiling_rupiah", lookup_expr="lte", label=_("Ceiling to (Rp)"), decimals=2)
    counted_by = RowSetFilter()

    class Meta:
        model = Package
        fields = [
            "q",
            "agency",
            "domain",
            "kind",
            "method",
            "state",
            "declarations",
            "flagged",
            "ceiling_min",
            "ceiling_max",
            "counted_by",
        ]

    def search(self, queryset: QuerySet[Package], _name: str, value: str) -> QuerySet[Package]:
        for word in value.split()[:8]:
            queryset = queryset.filter(Q(name__icontains=word) | Q(rup_code__startswith=word))
        return queryset

    def by_declarations(self, queryset: QuerySet[Package], _name: str, value: str) -> QuerySet[Package]:
        return queryset.filter(lacks_declarations=value == MISSING)

    def by_flags(self, queryset: QuerySet[Package], _name: str, _value: str) -> QuerySet[Package]:
        return queryset.filter(is_flagged=True)
