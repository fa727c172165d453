"""Early warnings: the ranked list, silencing one, and how often they were right."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from accounts.models import Agency
from core.access import access
from core.filters import DressedFilterSet
from core.forms import BootstrapFormMixin
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from dashboards import forecasting
from dashboards.choices import WarningKind
from dashboards.early_warnings import (
    messages as warning_messages,
)
from dashboards.early_warnings import (
    rules as warning_rules,
)
from dashboards.early_warnings import (
    services as warning_services,
)
from dashboards.early_warnings.simulation import generated
from dashboards.models import EarlyWarning, WarningQuerySet
from dashboards.readers import AGENCY_PAGE_READERS, OFFICE
from spm.models import Domain

SHOWN = 25
SILENCE_DAYS = 30


class WarningFilter(DressedFilterSet):
    kind = django_filters.ChoiceFilter(choices=WarningKind, label=_lazy("Kind"), empty_label=_lazy("All kinds"))
    agency = django_filters.ModelChoiceFilter(
        queryset=Agency.objects.all(), label=_lazy("OPD"), empty_label=_lazy("All OPD")
    )
    domain = django_filters.ModelChoiceFilter(
        queryset=Domain.objects.all(),
        field_name="program__service__domain",
        label=_lazy("SPM domain"),
        empty_label=_lazy("All domains"),
    )
    silent = django_filters.ChoiceFilter(
        choices=[("yes", _lazy("silenced"))], method="by_silence", label=_lazy("State"), empty_label=_lazy("speaking")
    )

    class Meta:
        model = EarlyWarning
        fields = ["kind", "agency", "domain", "silent"]

    def filter_queryset(self, queryset: QuerySet[EarlyWarning]) -> QuerySet[EarlyWarning]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("silent") else found.active(timezone.localdate())

    def by_silence(self, queryset: QuerySet[EarlyWarning], _name: str, _value: str) -> QuerySet[EarlyWarning]:
        return queryset.silenced(timezone.localdate())  # type: ignore[attr-defined]


class SilenceForm(BootstrapFormMixin, forms.Form):
    reason = forms.CharField(label=_lazy("Why"), max_length=500)
    until = forms.DateField(
        label=_lazy("Silenced until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@require_safe
@access(AGENCY_PAGE_READERS)
def warnings(request: SignedInRequest) -> HttpResponse:
    """The most people and money first, each with its reason and a next step."""
    rows = EarlyWarning.objects.visible_to(request.user).filter(fiscal_year=request.workspace.fiscal_year).open()
    return render_partial(request, "dashboards/early_warnings/warnings.html", "results", _page(request, rows))


def _page(request: SignedInRequest, rows: WarningQuerySet, bound: SilenceForm | None = None) -> dict[str, Any]:
    """`bound` is a form that has to be filled in better, of the only row then shown."""
    found = WarningFilter(request.GET, queryset=rows.select_related("agency", "silenced_by"))
    page = page_of(request, found.qs, SHOWN)
    office = OFFICE.admits(request.user)
    return {
        "filter": found,
        "page": page,
        "cards": [_card(row, office=office, bound=bound) for row in page],
        "kept_filters": kept_filters(request),
        "may_direct": office,
    }


def _card(row: EarlyWarning, *, office: bool, bound: SilenceForm | None) -> dict[str, Any]:
    until = timezone.localdate() + dt.timedelta(days=SILENCE_DAYS)
    blank = SilenceForm(initial={"until": until}, auto_id=f"w{row.pk}-%s")
    return {
        "row": row,
        "reason": warning_messages.reason(row),
        "how": warning_messages.how(row),
        "next_step": warning_messages.next_step(row),
        "form": (bound or blank) if office else None,
    }


@require_POST
@access(OFFICE)
def silence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Silence a warning with a reason, or let it speak again."""
    row = get_object_or_404(EarlyWarning.objects.visible_to(request.user), pk=pk)
    if request.POST.get("act") == "speak":
        warning_services.speak_again(row=row, by=request.user)
        return redirect("warnings")
    form = SilenceForm(request.POST, auto_id=f"w{row.pk}-%s")
    if form.is_valid():
        try:
            warning_services.silence(row=row, by=request.user, today=timezone.localdate(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
    if not form.errors:
        messages.success(request, _("Saved; the reason stands in the audit trail."))
        return redirect("warnings")
    context = _page(request, EarlyWarning.objects.filter(pk=row.pk), bound=form)
    return render(request, "dashboards/early_warnings/warnings.html", context, status=422)


@require_safe
@access(AGENCY_PAGE_READERS)
def hit_rate(request: SignedInRequest) -> HttpResponse:
    """How often warnings were right, the methods in words, and their back-test on finished and on generated years."""
    year = request.workspace.fiscal_year
    visible = EarlyWarning.objects.visible_to(request.user)
    years = sorted(set(visible.order_by().values_list("fiscal_year", flat=True)), reverse=True)
    context = {
        "years": [(each, warning_services.hit_rates(visible.filter(fiscal_year=each))) for each in years],
        "whole": warning_services.hit_rates(visible),
        "tests": back_tests(year),
        "limits": {"absorption": warning_rules.LOW_ABSORPTION, "achievement": warning_rules.REACHED},
    }
    return render(request, "dashboards/early_warnings/hit_rate.html", context)


def back_tests(year: int) -> list[tuple[str, list[forecasting.Backtest]]]:
    """(what, its back-tests): the portal's own finished years where there are any, and generated ones. Two queries."""
    spending = warning_rules.spending_curves(list(range(year - warning_rules.YEARS_BACK, year)))
    newest = max((of for of, _curve in spending.values()), default=0)
    own_earlier: list[forecasting.Curve] = [curve for of, curve in spending.values() if of < newest]
    own_later: list[forecasting.Curve] = [curve for of, curve in spending.values() if of == newest]
    quarters = warning_rules.achievement_curves(list(range(year - warning_rules.YEARS_BACK, year)))
    own_quarters: list[forecasting.Curve] = [curve for _of, curve in quarters.values()]
    made = generated()
    found = [
        (_("Absorption, finished years of the portal"), _absorption(own_earlier, own_later)),
        (_("Absorption, generated years"), _absorption(made.earlier, made.later)),
        (_("Achievement, finished years of the portal"), _achievement(own_quarters)),
        (_("Achievement, generated years"), _achievement(made.quarters)),
    ]
    return [(name, tests) for name, tests in found if tests]


def _absorption(earlier: list[forecasting.Curve], later: list[forecasting.Curve]) -> list[forecasting.Backtest]:
    tests = [forecasting.backtest_absorption(earlier, later, after) for after in (3, 6, 9)]
    return [test for test in tests if test is not None]


def _achievement(curves: list[forecasting.Curve]) -> list[forecasting.Backtest]:
    tests = [forecasting.backtest_achievement(curves, after) for after in (2, 3)]
    return [test for test in tests if test is not None]
