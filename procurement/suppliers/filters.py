"""What the list of suppliers can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.encryption import identity_hash
from core.numbers import digits_of
from procurement.choices import SupplierKind
from procurement.models import Supplier


class SupplierFilter(django_filters.FilterSet):
    """A name in parts, or a whole NPWP (found by its hash)."""

    q = django_filters.CharFilter(method="search", label=_("Name, NPWP or NIB"))
    kind = django_filters.ChoiceFilter(choices=SupplierKind, label=_("Legal form"), empty_label=_("All"))
    banned = django_filters.ChoiceFilter(
        choices=[("yes", _("blacklisted now"))], method="by_ban", label=_("Blacklist"), empty_label=_("All")
    )

    class Meta:
        model = Supplier
        fields = ["q", "kind", "banned"]

    def search(self, queryset: QuerySet[Supplier], _name: str, value: str) -> QuerySet[Supplier]:
        digits = digits_of(value)
        if len(digits) >= 13:  # noqa: PLR2004 (a NIB has 13 digits, an NPWP 15 or 16)
            return queryset.filter(Q(tax_number_hash=identity_hash(digits)) | Q(business_number=digits))
        for word in value.split()[:8]:
            queryset = queryset.filter(name__icontains=word)
        return queryset

    def by_ban(self, queryset: QuerySet[Supplier], _name: str, _value: str) -> QuerySet[Supplier]:
        return queryset.filter(banned=True)  # type: ignore[misc]  # annotated by the view
