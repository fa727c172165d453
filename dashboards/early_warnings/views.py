"""Early warnings: the ranked list, silencing one, and how often they were right."""

import datetime as dt
from collections.abc import Callable
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

from accounts.agencies.fields import AgencyFilter
from accounts.middleware import SignedInRequest
from core.access import access
from core.forecasting import CLAIMED, LOW_ABSORPTION, REACHED
from core.forms import DayInput
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from dashboards.choices import WarningKind
from dashboards.early_warnings import (
    back_tests,
)
from dashboards.early_warnings import (
    messages as warning_messages,
)
from dashboards.early_warnings import (
    services as warning_services,
)
from dashboards.early_warnings.matters import Matter, matters
from dashboards.early_warnings.permissions import may_silence
from dashboards.early_warnings.presenters import tried_series
from dashboards.models import EarlyWarning, WarningQuerySet
from dashboards.readers import AGENCY_PAGE_READERS, OFFICE
from spm.models import Domain

SHOWN, FEW = 25, 3
ORDERS: dict[str, Callable[[Matter], Any]] = {
    "people": lambda matter: -matter.people,
    "money": lambda matter: -matter.rupiah,
    "new": lambda matter: -max(row.raised_at for row in matter.rows).timestamp(),
    "agency": lambda matter: matter.agency.name if matter.agency else "",
}
SILENCE_DAYS = 30


class WarningFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=WarningKind, label=_lazy("Kind"), empty_label=_lazy("All kinds"))
    agency = AgencyFilter()
    domain = django_filters.ModelChoiceFilter(
        queryset=Domain.objects.all(),
        field_name="program__service__domain",
        label=_lazy("SPM domain"),
        empty_label=_lazy("All domains"),
    )
    silent = django_filters.ChoiceFilter(
        choices=[("yes", _lazy("silenced"))], method="by_silence", label=_lazy("State"), empty_label=_lazy("speaking")
    )
    sort = django_filters.ChoiceFilter(
        choices=[
            ("people", _lazy("most people")),
            ("money", _lazy("most money")),
            ("new", _lazy("newest")),
            ("agency", _lazy("by OPD")),
        ],
        method="all_of_them",
        label=_lazy("Order"),
        empty_label=_lazy("what is lost first"),
    )

    class Meta:
        model = EarlyWarning
        fields = ["kind", "agency", "domain", "silent", "sort"]

    def filter_queryset(self, queryset: QuerySet[EarlyWarning]) -> QuerySet[EarlyWarning]:
        found: WarningQuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("silent") else found.active(timezone.localdate())

    def by_silence(self, queryset: WarningQuerySet, _name: str, _value: str) -> QuerySet[EarlyWarning]:
        return queryset.silenced(timezone.localdate())

    def all_of_them(self, queryset: WarningQuerySet, _name: str, _value: str) -> QuerySet[EarlyWarning]:
        """An order leaves none out: the page puts the matters in it."""
        return queryset


class SilenceForm(forms.Form):
    reason = forms.CharField(label=_lazy("Why"), max_length=500)
    until = forms.DateField(label=_lazy("Silenced until"), widget=DayInput())


@require_safe
@access(AGENCY_PAGE_READERS)
def warnings(request: SignedInRequest) -> HttpResponse:
    """Those of one cause and OPD together, what is lost first, each with its reason and a step."""
    rows = EarlyWarning.objects.visible_to(request.user).filter(fiscal_year=request.workspace.fiscal_year).open()
    return render_partial(request, "dashboards/early_warnings/warnings.html", "results", _page(request, rows))


def _page(request: SignedInRequest, rows: WarningQuerySet, bound: SilenceForm | None = None) -> dict[str, Any]:
    """`bound` is a form that has to be filled in better, of the only row then shown."""
    found = WarningFilter(request.GET, queryset=rows.select_related("agency", "silenced_by"))
    ranked = matters(found.qs, timezone.localdate())
    if order := ORDERS.get(request.GET.get("sort", "")):
        ranked.sort(key=order)
    page = page_of(request, ranked, SHOWN)
    office = may_silence(request.user)
    return {
        "filter": found,
        "page": page,
        "count": sum(len(matter.rows) for matter in ranked),
        "matters": [
            (matter, [_card(row, office=office, bound=bound) for row in matter.rows]) for matter in page.object_list
        ],
        "is_open": bound is not None or len(ranked) <= FEW,
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
    visible = EarlyWarning.objects.visible_to(request.user)
    years = sorted(set(visible.order_by().values_list("fiscal_year", flat=True)), reverse=True)
    by_year = [(each, warning_services.hit_rates(visible.filter(fiscal_year=each))) for each in years]
    kept = back_tests.kept_or_asked_for()
    context = {
        "proved": sum(rate.proved for _year, rates in by_year for rate in rates),
        "right": sum(rate.right for _year, rates in by_year for rate in rates),
        "years": by_year,
        "tested": tried_series(kept.tests) if kept else [],
        "claimed": CLAIMED * 100,
        "limits": {"absorption": LOW_ABSORPTION, "achievement": REACHED},
    }
    return render(request, "dashboards/early_warnings/hit_rate.html", context)
