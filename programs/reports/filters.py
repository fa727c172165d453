"""What lists of programmes and reports can be narrowed by; the pages and the API use the same ones."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyThenFilter
from core.filters import PeriodFilter, WithinPeriodFilter
from core.models import Region
from datasources.choices import Verdict
from programs.choices import ReportKind, ReportState
from programs.models import Indicator, Program, Report, ReportQuerySet, ReportValue
from spm.models import Domain

DELIVERED = "delivered"


class ReportFilter(django_filters.FilterSet):
    agency = AgencyThenFilter(moving=Program, row="program", day="period")
    domain = django_filters.ModelChoiceFilter(
        field_name="program__service__domain",
        queryset=Domain.objects.all(),
        label=_("SPM domain"),
        empty_label=_("All domains"),
    )
    region = django_filters.ModelChoiceFilter(
        field_name="program__regions",
        queryset=Region.objects.regencies(),
        label=_("Regency or city"),
        empty_label=_("All regions"),
    )
    period = PeriodFilter(label=_("Period"))
    kind = django_filters.ChoiceFilter(choices=ReportKind, label=_("Kind"), empty_label=_("All kinds"))
    state = django_filters.ChoiceFilter(
        choices=[*ReportState.choices, (DELIVERED, _("delivered"))],
        method="by_state",
        label=_("State"),
        empty_label=_("All states"),
    )

    class Meta:
        model = Report
        fields = ["agency", "domain", "region", "period", "kind", "state"]

    def by_state(self, queryset: ReportQuerySet, _name: str, value: str) -> QuerySet[Report]:
        """`delivered` is what dashboards count: sent on, and not replaced by a revision."""
        return queryset.delivered() if value == DELIVERED else queryset.filter(state=value)


class ReportValueFilter(django_filters.FilterSet):
    agency = AgencyThenFilter(moving=Program, row="report__program", day="report__period")
    domain = django_filters.ModelChoiceFilter(
        field_name="report__program__service__domain",
        queryset=Domain.objects.all(),
        label=_("SPM domain"),
        empty_label=_("All domains"),
    )
    region = django_filters.ModelChoiceFilter(
        field_name="region",
        queryset=Region.objects.province_and_regencies(),
        label=_("Region"),
        empty_label=_("All regions"),
    )
    period = WithinPeriodFilter(field_name="report__period", label=_("Period"))
    verdict = django_filters.ChoiceFilter(choices=Verdict, label=_("Verdict"), empty_label=_("All verdicts"))
    indicator = django_filters.ModelChoiceFilter(queryset=Indicator.objects.all(), widget=forms.HiddenInput)

    class Meta:
        model = ReportValue
        fields = ["agency", "domain", "region", "period", "verdict", "indicator"]
