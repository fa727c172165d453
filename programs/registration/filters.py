"""What the list of programmes can be narrowed by; the page and the API use the same one."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyFilter
from core.models import Region
from core.row_sets import RowSetFilter
from programs.choices import ProgramState
from programs.models import Program
from spm.models import Domain


class ProgramFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name or code"))
    agency = AgencyFilter()
    domain = django_filters.ModelChoiceFilter(
        field_name="service__domain", queryset=Domain.objects.all(), label=_("SPM domain"), empty_label=_("All domains")
    )
    region = django_filters.ModelChoiceFilter(
        field_name="regions",
        queryset=Region.objects.regencies(),
        label=_("Regency or city"),
        empty_label=_("All regions"),
    )
    state = django_filters.ChoiceFilter(choices=ProgramState, label=_("State"), empty_label=_("All states"))
    evidence = django_filters.ChoiceFilter(
        choices=[("missing", _("no evidence of need")), ("there", _("with evidence"))],
        method="by_evidence",
        label=_("Evidence"),
        empty_label=_("All programmes"),
    )
    counted_by = RowSetFilter()

    class Meta:
        model = Program
        fields = ["q", "agency", "domain", "region", "state", "evidence", "counted_by"]

    def by_evidence(self, queryset: QuerySet[Program], _name: str, value: str) -> QuerySet[Program]:
        return queryset.filter(evidence_series__isnull=value == "missing")

    def search(self, queryset: QuerySet[Program], _name: str, value: str) -> QuerySet[Program]:
        for word in value.split()[:8]:
            queryset = queryset.filter(Q(name__icontains=word) | Q(nomenclature__code__startswith=word))
        return queryset
