"""The rules of validation: what is checked, how strictly, on what basis; exceptions for an indicator, a unit, an
OPD.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles, signed_in
from core.audit import history_of
from core.choices import Role
from core.deleted import there_or_deleted
from core.outcomes import tell_refusal
from core.request_values import typed_text, whole_number
from core.versioning import joined, seen_of
from programs.checks import CHECKS
from programs.models import Indicator, ValidationRule
from programs.validation import rules
from programs.validation.forms import RuleForm
from programs.validation.permissions import may_change_rules

READERS = signed_in(Scope.REFERENCE)
STEWARDS = roles(Role.DATA_STEWARD, scope=Scope.REFERENCE)


@access(READERS)
def rule_list(request: SignedInRequest) -> HttpResponse:
    """Open to everybody: who is judged may know by what."""
    found: dict[str, list[ValidationRule]] = {}
    for rule in ValidationRule.objects.select_related("indicator__program", "unit", "agency"):
        found.setdefault(rule.check_code, []).append(rule)
    levels: dict[int, list[dict[str, Any]]] = {}
    for check in CHECKS.values():
        rows = sorted(found.get(check.code, []), key=lambda rule: not rule.is_general)
        levels.setdefault(check.level, []).append({"check": check, "rules": rows})
    context = {"levels": list(levels.items()), "is_steward": may_change_rules(request.user)}
    return render(request, "programs/validation/rules.html", context)


@access(STEWARDS)
def new_rule(request: SignedInRequest, check: str) -> HttpResponse:
    if check not in CHECKS:
        raise Http404
    number = whole_number(request.GET.get("indikator"), digits=18)
    indicator = Indicator.objects.filter(pk=number).first() if number is not None else None
    return _form(request, ValidationRule(check_code=check, indicator=indicator))


@access(STEWARDS)
def edit_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = ValidationRule.objects.select_related("indicator", "unit", "agency")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    return _form(request, there_or_deleted(rows, pk, may_know=lambda _event: True))  # rules are open to everybody


def _form(request: SignedInRequest, rule: ValidationRule) -> HttpResponse:
    shown = RuleForm(instance=rule)
    sent, conflict = joined(request.POST, (RuleForm(request.POST or None, instance=rule), shown))
    form = RuleForm(sent, instance=rule)
    if request.method == "POST" and conflict is None and form.is_valid():
        rules.save_rule(rule=form.save(commit=False), by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The rule is saved. Every reported figure is validated again in the background."))
        return redirect("programs:rules")
    context: dict[str, Any] = {
        "form": form,
        "seen": seen_of(shown),
        "conflict": conflict,
        "rule": rule if rule.pk else None,
        "check": CHECKS[rule.check_code],
        "level": rule.level,
        "history": history_of(rule) if rule.pk else [],
    }
    return render(request, "programs/validation/rule_form.html", context, status=200 if conflict is None else 409)


@require_POST
@access(STEWARDS)
def remove_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    rule = there_or_deleted(ValidationRule.objects.all(), pk, may_know=lambda _event: True)
    try:
        rules.remove_rule(rule=rule, by=request.user, reason=typed_text(request.POST.get("reason"), limit=300))
    except ValidationError as error:
        tell_refusal(request, error)
        return redirect("programs:edit-rule", rule.pk)
    messages.success(
        request, _("The exception is removed. Every reported figure is validated again in the background.")
    )
    return redirect("programs:rules")
