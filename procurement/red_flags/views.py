"""Red flags: what the rules raise, why, putting one aside, and what another threshold would raise."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.choices import AGENCY_ROLES, Role
from core.htmx import render_partial
from core.pagination import kept_filters, page_of
from procurement.models import Flag
from procurement.red_flags import services as flag_services
from procurement.red_flags.filters import FlagFilter
from procurement.red_flags.rules import RULES, check_parameters

READERS = roles(*AGENCY_ROLES, Role.GOVERNORS_OFFICE, Role.AUDITOR, scope=Scope.OWN_AGENCY)
AUDITORS = roles(Role.AUDITOR, scope=Scope.PROVINCE)


@access(READERS)
def flags(request: SignedInRequest) -> HttpResponse:
    """What stands, with the rule's explanation; the tiles count by rule."""
    visible = Flag.objects.visible_to(request.user).ours().filter(closed_at__isnull=True)
    of_year = visible.filter(Q(fiscal_year=request.workspace.fiscal_year) | Q(package__isnull=True))
    found = FlagFilter(request.GET, queryset=of_year)
    counts = dict(found.qs.order_by().values_list("code").annotate(Count("pk")))
    context = {
        "filter": found,
        "page": page_of(
            request,
            found.qs.order_by("-raised_at", "-pk"),
            fill=lambda some: some.select_related("package", "supplier", "agency", "suppressed_by"),
        ),
        "kept_filters": kept_filters(request),
        "rules": RULES,
        "counts": [(RULES[code], count) for code, count in sorted(counts.items()) if code in RULES],
        "may_suppress": request.user.has_role(Role.AUDITOR),
    }
    return render_partial(request, "procurement/red_flags/flags.html", "results", context)


@require_POST
@access(AUDITORS)
def suppress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a flag aside, or raise it again, with a reason."""
    flag = get_object_or_404(Flag.objects.visible_to(request.user), pk=pk)
    act = flag_services.restore if request.POST.get("act") == "restore" else flag_services.suppress
    try:
        act(flag=flag, by=request.user, reason=request.POST.get("reason", "")[:500])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved; the reason stands in the audit trail."))
    return redirect(flag.package or "procurement:flags")


@access(AUDITORS, writes_on_get=True)  # the rules work in temporary tables, which PostgreSQL counts as writing
def back_test(request: SignedInRequest) -> HttpResponse:
    """How many packages another threshold would flag, without changing anything."""
    code = request.GET.get("kode", "K02")
    if code not in RULES:
        code = "K02"
    rule, in_force = RULES[code], flag_services.parameters_on(timezone.localdate()).get(code, RULES[code].defaults)
    context: dict[str, Any] = {"rules": RULES.values(), "rule": rule, "in_force": in_force, "given": {}, "fields": []}
    given, problem = _given(request, code)
    context["fields"] = [
        (
            name,
            parameter.label,
            request.GET.get(name, "" if in_force.get(name) is None else str(in_force[name]).replace(".", ",")),
        )
        for name, parameter in rule.parameters.items()
    ]
    if problem:
        context["problem"] = problem
    elif "coba" in request.GET:
        context["trial"] = flag_services.back_test(code, given, year=request.workspace.fiscal_year)
    return render(request, "procurement/red_flags/back_test.html", context, status=422 if problem else 200)


def _given(request: SignedInRequest, code: str) -> tuple[dict[str, Any], str]:
    """Parameters as typed, and what is wrong with them."""
    given: dict[str, Any] = {}
    for name, parameter in RULES[code].parameters.items():
        if name not in request.GET:
            continue
        text = (
            request.GET[name].strip().replace(".", "").replace(",", ".")
            if not parameter.is_text
            else request.GET[name].strip()
        )
        if parameter.is_text:
            given[name] = text
        elif text:
            try:
                number = json.loads(text)
            except ValueError:
                return {}, _("“%(label)s”: “%(text)s” is no number.") % {
                    "label": parameter.label,
                    "text": request.GET[name],
                }
            given[name] = number
        elif parameter.default is None:
            given[name] = None
    return given, check_parameters(code, given)
