"""Red flags: what the rules raise, why, putting one aside, and what another threshold would raise."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.choices import AGENCY_ROLES, Role
from core.outcomes import told
from core.request_values import typed_text
from core.tables import list_response
from procurement.models import REVIEW_FLAG, Flag
from procurement.red_flags import permissions, presenters
from procurement.red_flags import services as flag_services
from procurement.red_flags.filters import FlagFilter
from procurement.red_flags.tables import FlagTable

READERS = roles(*AGENCY_ROLES, Role.GOVERNORS_OFFICE, Role.AUDITOR, scope=Scope.OWN_AGENCY)
AUDITORS = roles(Role.AUDITOR, scope=Scope.PROVINCE)
ROWS = ("package", "supplier", "agency", "suppressed_by")


@access(READERS)
def flags(request: SignedInRequest) -> HttpResponseBase:
    """What stands, with the rule's explanation; the tiles count by rule."""
    of_year = Flag.objects.listed_for(request.user, request.workspace.fiscal_year)
    found = FlagFilter(request.GET, queryset=of_year)
    # Whoever asks for one rule sees all that it raised; else those that say the same are one.
    rows = found.qs if request.GET.get("code") else found.qs.findings()
    may_suppress = permissions.may_review(request.user)
    table = FlagTable(
        rows.order_by("-raised_at", "-pk"),
        request=request,
        may_suppress=may_suppress,
        fill=lambda some: some.select_related(*ROWS).with_reasons(),
    )
    context = {"filter": found, "counts": presenters.counts_by_rule(rows), "may_suppress": may_suppress}
    return list_response(request, "procurement/red_flags/flags.html", table, context, name="bendera-merah")


@require_POST
@access(roles(*REVIEW_FLAG.ladder, scope=Scope.PROVINCE))
def suppress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a flag aside, or raise it again, with a reason."""
    flag = get_object_or_404(Flag.objects.visible_to(request.user), pk=pk)
    act = flag_services.restore if request.POST.get("act") == "restore" else flag_services.suppress
    with told(request, _("Saved; the reason stands in the audit trail.")):
        act(flag=flag, by=request.user, reason=typed_text(request.POST.get("reason"), limit=500))
    return redirect(flag.package or "procurement:flags")


@access(AUDITORS, writes_on_get=True)  # the rules work in temporary tables, which PostgreSQL counts as writing
def back_test(request: SignedInRequest) -> HttpResponse:
    """How many packages another threshold would flag, without changing anything."""
    rule = presenters.rule_to_try(request.GET.get("kode", ""))
    proposed = presenters.read_parameters(rule, request.GET)
    context = presenters.back_test_page(rule, request.GET)
    if proposed.problem:
        context["problem"] = proposed.problem
    elif "coba" in request.GET:
        year = request.workspace.fiscal_year
        context["trial"] = flag_services.back_test(rule.code, proposed.given, year=year)
    return render(request, "procurement/red_flags/back_test.html", context, status=422 if proposed.problem else 200)
